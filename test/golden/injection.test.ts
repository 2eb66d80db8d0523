/**
 * What goes in and what comes out, as people write it. `UPDATE_GOLDEN=1` writes the expected halves anew: read them
 * before you commit them. `test/cluster/admission` plays the same cases on a real API server.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyPatch, type Operation } from 'rfc6902';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { jsonPatch } from '../../shared/contracts/jsonPatch.ts';
import { type InjectionContext, injectPod } from '../../shared/core/injection/inject.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { loadRegex } from '../../shared/io/regex.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { DIRECTORY, expectedOf, files, type Given, givenOf, sentencesOf } from './cases.ts';

const compileRegex = await loadRegex();
const names = await files();
const sentences = sentencesOf(names);

const inject = (pod: Pod, given: Given) => {
  const context: InjectionContext = {
    namespace: 'default',
    namespaceLabels: given.namespaceLabels,
    revisions: given.revisions,
    requestUid: 'review-1',
    now: new Date('2026-11-23T05:46:47Z'),
    random: () => 0,
    digest: sha256Hex,
    compileRegex,
    platform: given.platform ?? { strategy: 'compatible', serverVersion: { major: 1, minor: 34 } },
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
  const given = await givenOf(sentence);
  const results = JSON.parse(JSON.stringify(given.pods.map((pod) => inject(pod, given))));
  if (process.env['UPDATE_GOLDEN'])
    await writeFile(join(DIRECTORY, `${sentence}.out.yaml`), stringify(results, { lineWidth: 0 }));
  expect(results).toEqual(await expectedOf(sentence));
});

it('has two halves of each case, and no other file', () => {
  expect(names.sort()).toEqual(
    sentences.flatMap((sentence) => [`${sentence}.in.yaml`, `${sentence}.out.yaml`]).sort(),
  );
});
