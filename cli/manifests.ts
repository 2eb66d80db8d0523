import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { isRecord } from '../shared/model/json.ts';
import type { KubernetesObject } from '../shared/model/kubernetes.ts';
import { UserFacingError } from './failure.ts';

export type Manifest = KubernetesObject & { apiVersion: string; kind: string; spec?: unknown };

const toManifest = (value: unknown, place: string): Manifest => {
  if (!isRecord(value)) throw new UserFacingError(`${place}: expected a Kubernetes object`);
  const { metadata } = value;
  const missing = [
    typeof value['apiVersion'] === 'string' ? [] : ['apiVersion'],
    typeof value['kind'] === 'string' ? [] : ['kind'],
    isRecord(metadata) &&
    (typeof metadata['name'] === 'string' || typeof metadata['generateName'] === 'string')
      ? []
      : ['metadata.name'],
  ].flat();
  if (missing.length > 0) throw new UserFacingError(`${place}: ${missing.join(', ')} missing`);
  return value as unknown as Manifest;
};

/** The objects of one YAML text with any number of documents. Faults name the file, the document and the line. */
export const parseManifests = (text: string, file: string): Manifest[] => {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) throw new UserFacingError(`${file}: the file is empty`);
  const manifests = documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error) throw new UserFacingError(`${file}: not readable as YAML: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [toManifest(value, `${file}, document ${index + 1}`)];
  });
  if (manifests.length === 0) throw new UserFacingError(`${file}: the file holds no object`);
  return manifests;
};

/** Reads a manifest file; rejects with a UserFacingError that names the file. */
export const readManifests = async (file: string): Promise<Manifest[]> => {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'no such file' : cause.message;
    throw new UserFacingError(`${file}: can't be read: ${why}`, { cause });
  });
  return parseManifests(text, file);
};

/** The one object of a kind in a file. */
export const onlyOne = (manifests: Manifest[], kind: string, file: string): Manifest => {
  const [found, ...more] = manifests.filter((manifest) => manifest.kind === kind);
  if (!found || more.length > 0) {
    throw new UserFacingError(`${file}: expected one ${kind}, found ${found ? more.length + 1 : 0}`);
  }
  return found;
};
