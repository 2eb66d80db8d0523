/**
 * What goes in and what comes out, as people write it. `UPDATE_GOLDEN=1` writes the expected halves anew: read them
 * before you commit them.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyPatch, type Operation } from 'rfc6902';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { jsonPatch } from '../../shared/contracts/jsonPatch.ts';
import { type InjectionContext, injectPod } from '../../shared/core/injection/inject.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { loadRegex } from '../../shared/io/regex.ts';
import type { ControllerRevision, Pod } from '../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

interface Given {
  pod?: Pod;
  pods?: Pod[];
  sidecarSets: SidecarSet[];
  revisions?: ControllerRevision[];
  namespaceLabels?: Record<string, string>;
}

const compileRegex = await loadRegex();
const DIRECTORY = join(import.meta.dirname, 'injection');
const files = await readdir(DIRECTORY);
const sentences = files.filter((file) => file.endsWith('.in.yaml')).map((file) => file.slice(0, -8));

const inject = (pod: Pod, given: Given) => {
  const context: InjectionContext = {
    namespace: 'default',
    namespaceLabels: given.namespaceLabels ?? {},
    revisions: given.revisions ?? [],
    requestUid: 'review-1',
    now: new Date('2026-11-23T05:46:47Z'),
    random: () => 0,
    digest: sha256Hex,
    compileRegex,
  };
  const sets = given.sidecarSets.map((set) => withDefaults(set, sha256Hex));
  const injection = injectPod(pod, sets, context);
  expect(injectPod(pod, sets.toReversed(), context)).toEqual(injection);
  if (injection.kind !== 'injected') return injection;
  expect(injectPod(injection.pod, sets, { ...context, requestUid: 'review-2' }).kind).toBe('unchanged');
  const patched: unknown = structuredClone(pod);
  const faults = applyPatch(patched, jsonPatch(pod, injection.pod) as Operation[]);
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
  expect(patched).toEqual(JSON.parse(JSON.stringify(injection.pod)));
  const { kind: _, warnings, ...rest } = injection;
  return { ...rest, ...(warnings.length > 0 && { warnings }) };
};

it.each(sentences)('%s', async (sentence) => {
  const given: Given = parse(await readFile(join(DIRECTORY, `${sentence}.in.yaml`), 'utf8'));
  const pods = given.pods ?? (given.pod ? [given.pod] : []);
  const results = JSON.parse(JSON.stringify(pods.map((pod) => inject(pod, given))));
  const file = join(DIRECTORY, `${sentence}.out.yaml`);
  if (process.env['UPDATE_GOLDEN']) await writeFile(file, stringify(results, { lineWidth: 0 }));
  expect(results).toEqual(parse(await readFile(file, 'utf8')));
});

it('has two halves of each case, and no other file', () => {
  expect(files.sort()).toEqual(
    sentences.flatMap((sentence) => [`${sentence}.in.yaml`, `${sentence}.out.yaml`]).sort(),
  );
});
