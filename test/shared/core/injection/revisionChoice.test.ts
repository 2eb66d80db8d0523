import { expect, it } from 'vitest';
import { injectPod } from '../../../../shared/core/injection/inject.ts';
import { chooseRevision } from '../../../../shared/core/injection/revisionChoice.ts';
import { nextRevision } from '../../../../shared/core/revision/history.ts';
import type { ControllerRevision } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { CONTEXT, podOf, setOf } from './pods.ts';

/** The revision that a rollout keeps of a set with this image. */
const revisionOf = (image: string, number: number, more: SidecarSetSpec = {}): ControllerRevision => {
  const step = nextRevision(setOf('logs', { containers: [{ name: 'logs', image }], ...more }), [], 0);
  return { ...step.revision, revision: number };
};
const FIRST = revisionOf('logs:1', 1, { customVersion: 'stable' });
const SECOND = revisionOf('logs:2', 2, { customVersion: 'stable', volumes: [{ name: 'v', emptyDir: {} }] });
const REVISIONS = [SECOND, FIRST];

const latest = (
  revision: NonNullable<SidecarSetSpec['injectionStrategy']>['revision'],
  updateStrategy: SidecarSetSpec['updateStrategy'] = {},
): SidecarSet =>
  setOf('logs', {
    containers: [{ name: 'logs', image: 'logs:3' }],
    injectionStrategy: { revision },
    updateStrategy,
  });

const imageFor = (set: SidecarSet, requestUid = 'r', labels: Record<string, string> = { app: 'web' }) => {
  const choice = chooseRevision(set, podOf({}, { labels }), REVISIONS, { ...CONTEXT, requestUid });
  return choice.kind === 'chosen' ? choice.set.spec.containers?.[0]?.image : choice;
};
const named = { revisionName: FIRST.metadata.name };
const partial = { ...named, policy: 'Partial' as const };

it.each<[string, SidecarSet, string]>([
  ['none is named', latest(undefined), 'logs:3'],
  ['the name is empty', latest({ revisionName: '', customVersion: '' }), 'logs:3'],
  ['one is named', latest(named), 'logs:1'],
  ['a custom version is named: the newest of it', latest({ customVersion: 'stable' }), 'logs:2'],
  ['both are named: the name counts', latest({ ...named, customVersion: 'stable' }), 'logs:1'],
  ['updates are paused, even under Partial', latest(partial, { paused: true, partition: 0 }), 'logs:1'],
  ['Partial has no partition', latest(partial), 'logs:3'],
  ['Partial has a number as partition', latest(partial, { partition: 5 }), 'logs:3'],
  ['Partial keeps all', latest(partial, { partition: '100%' }), 'logs:1'],
  ['Partial keeps none', latest(partial, { partition: '0%' }), 'logs:3'],
  [
    'Partial has a selector that the Pod does not match',
    latest(partial, { selector: { matchLabels: { canary: 'true' } } }),
    'logs:1',
  ],
  [
    'Always has a selector that the Pod matches',
    latest(named, { selector: { matchLabels: { app: 'web' } } }),
    'logs:1',
  ],
])('takes the right content when %s', (_, set, image) => {
  expect(imageFor(set)).toBe(image);
});

it('decides under Partial by the request alone, and keeps about the given share', () => {
  const set = latest(partial, { partition: '30%' });
  const images = Array.from({ length: 1000 }, (_, index) => imageFor(set, `request-${index}`));
  expect(images).toEqual(Array.from({ length: 1000 }, (_, index) => imageFor(set, `request-${index}`)));
  const kept = images.filter((image) => image === 'logs:1').length;
  expect(kept).toBeGreaterThan(250);
  expect(kept).toBeLessThan(350);
});

it.each([
  ['an unknown name', { revisionName: 'logs-none' }],
  ['an unknown custom version', { customVersion: 'none' }],
])('finds nothing for %s', (_, revision) => {
  expect(imageFor(latest(revision))).toMatchObject({
    kind: 'missing',
    cause: { field: 'spec.injectionStrategy.revision' },
  });
});

it('can not use a revision that holds wrong types', () => {
  const broken = { ...FIRST, data: { spec: { containers: [{ name: 5 }] } } };
  const choice = chooseRevision(latest(named), podOf(), [broken], { ...CONTEXT, requestUid: 'r' });
  expect(choice).toMatchObject({ kind: 'unusable', causes: [{ field: 'spec.containers[0].name' }] });
});

it('does not take a revision of another SidecarSet', () => {
  const set = { ...latest(named), metadata: { ...latest(named).metadata, name: 'other' } };
  expect(imageFor(set)).toMatchObject({ kind: 'missing', cause: { reason: 'FieldValueNotFound' } });
});

it('records the hash and the name of the revision that was injected', () => {
  const result = injectPod(podOf(), [latest(named)], { ...CONTEXT, revisions: REVISIONS });
  if (result.kind !== 'injected') throw new Error(JSON.stringify(result));
  const { logs } = JSON.parse(result.pod.metadata.annotations?.['kruise.io/sidecarset-hash'] ?? '');
  expect(logs).toMatchObject({
    hash: FIRST.metadata.annotations?.['kruise.io/sidecarset-hash'],
    controllerRevision: FIRST.metadata.name,
  });
});

it('refuses a Pod whose revision is gone, naming the set', () => {
  expect(injectPod(podOf(), [latest(named)], CONTEXT)).toMatchObject({
    kind: 'refused',
    code: 'InjectionRevisionMissing',
    message: expect.stringContaining('SidecarSet logs'),
  });
});

it('leaves a Pod alone that got either content in an earlier call of the same creation', () => {
  const set = latest(partial, { partition: '50%' });
  const context = { ...CONTEXT, revisions: REVISIONS };
  const uids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
  for (const requestUid of uids) {
    const once = injectPod(podOf(), [set], { ...context, requestUid });
    if (once.kind !== 'injected') throw new Error(JSON.stringify(once));
    for (const other of uids)
      expect(injectPod(once.pod, [set], { ...context, requestUid: other }).kind).toBe('unchanged');
  }
});
