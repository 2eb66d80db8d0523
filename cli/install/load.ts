/** The manifests of a kustomize base, as `kubectl apply -k` finds them. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../../shared/model/json.ts';
import { UserFacingError } from '../failure.ts';
import { type Manifest, readManifests } from '../manifests.ts';

export const BASE = join(import.meta.dirname, '../../infra/cluster');

const UNDERSTOOD = ['apiVersion', 'kind', 'resources'];

const resourcesOf = async (directory: string): Promise<string[]> => {
  const file = join(directory, 'kustomization.yaml');
  const kustomization: unknown = parse(await readFile(file, 'utf8'));
  if (!isRecord(kustomization)) throw new UserFacingError(`${file}: expected a kustomization`);
  const other = Object.keys(kustomization).find((key) => !UNDERSTOOD.includes(key));
  if (other !== undefined) throw new UserFacingError(`${file}: ${other} is not supported, only resources`);
  const { resources } = kustomization;
  return Array.isArray(resources) ? resources.map(String) : [];
};

/** Every manifest that the kustomization of `directory` lists, folders below it included, in its order. */
export const loadManifests = async (directory: string = BASE): Promise<Manifest[]> => {
  const manifests: Manifest[] = [];
  for (const entry of await resourcesOf(directory)) {
    const path = join(directory, entry);
    const isFolder = (await stat(path)).isDirectory();
    manifests.push(...(await (isFolder ? loadManifests(path) : readManifests(path))));
  }
  return manifests;
};
