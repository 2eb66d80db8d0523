import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyOne, parseManifests, readManifests } from '../../cli/manifests.ts';

const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n';

describe('parseManifests', () => {
  it('reads several documents and passes over empty ones', () => {
    const kinds = parseManifests(`---\n${job}---\n---\n${job}`, 'f.yaml').map(({ kind }) => kind);
    expect(kinds).toEqual(['Job', 'Job']);
  });

  it.each([
    ['broken YAML with its line', 'a: [1\nb: 2\n', /f\.yaml: not readable as YAML: .*line/s],
    ['an empty file', '', /f\.yaml: the file/],
    ['a file with nothing but comments', '# nothing\n', /f\.yaml: the file/],
    ['a list at the top', '- 1\n', /f\.yaml, document 1: expected a Kubernetes object/],
    ['an object without kind and name', 'apiVersion: v1\n', /document 1: kind, metadata.name missing/],
    ['the second document by its number', `${job}---\nkind: Job\n`, /document 2: apiVersion, metadata.name/],
  ])('names %s', (_, text, message) => {
    expect(() => parseManifests(text, 'f.yaml')).toThrow(message);
  });
});

describe('readManifests', () => {
  it('names a file that does not exist', async () => {
    await expect(readManifests('/nowhere/x.yaml')).rejects.toThrow(
      "/nowhere/x.yaml: can't be read: no such file",
    );
  });

  it('reads a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'manifests-'));
    await writeFile(join(directory, 'job.yaml'), job);
    const [manifest] = await readManifests(join(directory, 'job.yaml'));
    await rm(directory, { recursive: true });
    expect(manifest?.kind).toBe('Job');
  });
});

it.each([
  ['none', 'SidecarSet', 'expected one SidecarSet, found 0'],
  ['two', 'Job', 'expected one Job, found 2'],
])('onlyOne refuses %s', (_, kind, message) => {
  expect(() => onlyOne(parseManifests(`${job}---\n${job}`, 'f.yaml'), kind, 'f.yaml')).toThrow(message);
});
