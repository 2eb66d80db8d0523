/** Argo CD's health check of SidecarSets, for sets that this project serves and for those that OpenKruise does. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { keptBack } from '../../../shared/core/rollout/partition.ts';
import type { Condition } from '../../../shared/model/kubernetes.ts';
import type { SidecarSetStatus, UpdateStrategy } from '../../../shared/model/sidecarset.ts';
import { HEALTH_SCRIPT, type Health, runHealth } from '../../support/lua.ts';

type Status = Partial<SidecarSetStatus>;
type ConditionType = 'Progressing' | 'Available' | 'Degraded' | 'Paused';

const GENERATION = 7;

const setOf = (status: Status | undefined, updateStrategy?: UpdateStrategy, metadata: object = {}) => ({
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: { name: 'logs', generation: GENERATION, ...metadata },
  spec: { selector: { matchLabels: { app: 'web' } }, updateStrategy },
  status,
});

const counts = (matchedPods: number, updatedPods = matchedPods, updatedReadyPods = updatedPods): Status => ({
  observedGeneration: GENERATION,
  matchedPods,
  updatedPods,
  readyPods: matchedPods,
  // As OpenKruise does.
  updatedReadyPods: updatedReadyPods || undefined,
});

const condition = (
  type: ConditionType,
  status: Condition['status'],
  message: string,
  more: Partial<Condition> = {},
): Condition => ({ type, status, reason: `${type}Reason`, message, observedGeneration: GENERATION, ...more });

/** A quiet, complete set, with conditions in place of those of the same type. */
const told = (...changed: Condition[]): Condition[] => [
  ...[
    condition('Progressing', 'False', '10 of 10 Pods updated', { reason: 'Complete' }),
    condition('Available', 'True', '10 of 10 Pods available'),
    condition('Degraded', 'False', ''),
    condition('Paused', 'False', ''),
  ].filter(({ type }) => changed.every((other) => other.type !== type)),
  ...changed,
];

const without = (type: ConditionType): Condition[] => told().filter((other) => other.type !== type);

const served = (conditions: Condition[], updateStrategy?: UpdateStrategy) =>
  setOf({ ...counts(10), conditions }, updateStrategy);

const progressing = (message: string): Health => ({ status: 'Progressing', message });
const healthy = (message: string): Health => ({ status: 'Healthy', message });
const suspended = (message: string): Health => ({ status: 'Suspended', message });
const degraded = (message: string): Health => ({ status: 'Degraded', message });
const unseenAt = (generation: number): Health =>
  progressing(`waiting for the rollout function to see generation ${generation}`);
const unseen = unseenAt(GENERATION);

const MOVING = condition('Progressing', 'True', '3 of 10 Pods updated');
const PARTITIONED = condition('Progressing', 'False', '1 of 10 Pods updated, 9 kept back', {
  reason: 'Partitioned',
});
const CRASHING = condition('Degraded', 'True', 'web-1: logs is in CrashLoopBackOff');
const PAUSED = condition('Paused', 'True', 'paused at 3 of 10 Pods');
const UNAVAILABLE = condition('Available', 'False', '7 of 10 Pods available');

type Case = [name: string, object: unknown, health: Health];

describe('any SidecarSet', () => {
  it.each<Case>([
    [
      'being deleted',
      setOf(counts(10), undefined, { deletionTimestamp: '2026-01-02T03:04:05Z' }),
      progressing('being deleted'),
    ],
    ['no status', setOf(undefined), unseen],
    ['an empty status', setOf({}), unseen],
    ['a status from before anyone saw it', setOf({ matchedPods: 0, updatedPods: 0, readyPods: 0 }), unseen],
    ['a change that nobody saw yet', setOf({ ...counts(10), observedGeneration: 6 }), unseen],
    [
      'a change that nobody saw yet, with conditions',
      setOf({ ...counts(10), observedGeneration: 6, conditions: told() }),
      unseen,
    ],
    ['no generation', setOf(counts(2), undefined, { generation: undefined }), healthy('2 of 2 Pods updated')],
    ['fields that are null', { metadata: null, spec: null, status: null }, unseenAt(0)],
    ['nothing at all', {}, unseenAt(0)],
  ])('%s', (_, object, health) => {
    expect(runHealth(object)).toEqual(health);
  });
});

describe('a SidecarSet with conditions', () => {
  it.each<Case>([
    ['complete', served(told()), healthy('10 of 10 Pods updated')],
    [
      'partitioned',
      served(told(PARTITIONED), { partition: '90%' }),
      healthy('1 of 10 Pods updated, 9 kept back'),
    ],
    ['moving', served(told(MOVING)), progressing('3 of 10 Pods updated')],
    ['moving, too few available', served(told(MOVING, UNAVAILABLE)), progressing('3 of 10 Pods updated')],
    [
      'unknown whether it moves',
      served(told({ ...MOVING, status: 'Unknown' })),
      progressing(MOVING.message ?? ''),
    ],
    ['paused', served(told(PAUSED), { paused: true }), suspended('paused at 3 of 10 Pods')],
    ['paused and degraded', served(told(PAUSED, CRASHING)), suspended('paused at 3 of 10 Pods')],
    ['degraded', served(told(CRASHING)), degraded('web-1: logs is in CrashLoopBackOff')],
    ['degraded and moving', served(told(CRASHING, MOVING)), degraded('web-1: logs is in CrashLoopBackOff')],
    ['nothing moves, too few available', served(told(UNAVAILABLE)), progressing('7 of 10 Pods available')],
    ['no Progressing yet', served(without('Progressing')), unseen],
    ['no Available', served(without('Available')), healthy('10 of 10 Pods updated')],
    ['a stale condition', served(told({ ...PAUSED, observedGeneration: 6 })), unseen],
    [
      'conditions that do not tell their generation',
      served(told().map((each) => ({ ...each, observedGeneration: undefined }))),
      healthy('10 of 10 Pods updated'),
    ],
    ['no message: the reason', served(told({ ...CRASHING, message: undefined })), degraded('DegradedReason')],
    [
      'only conditions that are not ours: the counts',
      setOf({ ...counts(10, 4), conditions: [{ type: 'Synced', status: 'True', observedGeneration: 1 }] }),
      progressing('4 of 10 Pods updated'),
    ],
    [
      'conditions, not the counts or the spec',
      setOf({ ...counts(10, 4), conditions: told() }, { paused: true }),
      healthy('10 of 10 Pods updated'),
    ],
  ])('%s', (_, object, health) => {
    expect(runHealth(object)).toEqual(health);
  });
});

describe('a SidecarSet of OpenKruise', () => {
  const kept = 'the rest is kept back by partition or selector';
  const selector = { matchLabels: { canary: 'true' } };

  it.each<Case>([
    ['complete', setOf(counts(10), { type: 'RollingUpdate' }), healthy('10 of 10 Pods updated')],
    ['complete, no updateStrategy', setOf(counts(10)), healthy('10 of 10 Pods updated')],
    ['no Pods', setOf(counts(0)), healthy('0 of 0 Pods updated')],
    ['no conditions in the list', setOf({ ...counts(10), conditions: [] }), healthy('10 of 10 Pods updated')],
    [
      'NotUpdate',
      setOf(counts(10, 2), { type: 'NotUpdate', paused: true }),
      healthy('2 of 10 Pods updated; the update strategy is NotUpdate'),
    ],
    ['paused', setOf(counts(10, 2), { paused: true }), suspended('2 of 10 Pods updated; paused')],
    ['not paused', setOf(counts(10), { paused: false }), healthy('10 of 10 Pods updated')],
    ['moving', setOf(counts(10, 3)), progressing('3 of 10 Pods updated')],
    ['at the start, updatedReadyPods left out', setOf(counts(10, 0)), progressing('0 of 10 Pods updated')],
    ['updated, not ready', setOf(counts(10, 10, 8)), progressing('8 of 10 updated Pods are ready')],
    ['updated, none ready', setOf(counts(10, 10, 0)), progressing('0 of 10 updated Pods are ready')],
    ['partition 0', setOf(counts(10, 3), { partition: 0 }), progressing('3 of 10 Pods updated')],
    ['partition "0"', setOf(counts(10, 3), { partition: '0' }), progressing('3 of 10 Pods updated')],
    ['partition 0%', setOf(counts(10, 3), { partition: '0%' }), progressing('3 of 10 Pods updated')],
    ['partition 7', setOf(counts(10, 3), { partition: 7 }), healthy(`3 of 10 Pods updated; ${kept}`)],
    [
      'partition 7, not there yet',
      setOf(counts(10, 0), { partition: 7 }),
      progressing('0 of 10 Pods updated'),
    ],
    [
      'partition 7, not ready',
      setOf(counts(10, 3, 2), { partition: 7 }),
      progressing('2 of 3 updated Pods are ready'),
    ],
    ['partition 20 of 10', setOf(counts(10, 0), { partition: 20 }), healthy(`0 of 10 Pods updated; ${kept}`)],
    [
      'a partition behind the rollout',
      setOf(counts(10), { partition: '90%' }),
      healthy('10 of 10 Pods updated'),
    ],
    ['a selector', setOf(counts(10, 2), { selector }), healthy(`2 of 10 Pods updated; ${kept}`)],
    [
      'a selector, not ready',
      setOf(counts(10, 2, 0), { selector }),
      progressing('0 of 2 updated Pods are ready'),
    ],
    ['a selector of everything', setOf(counts(10, 2), { selector: {} }), progressing('2 of 10 Pods updated')],
    [
      'a selector and a partition',
      setOf(counts(10, 1), { selector, partition: 5 }),
      healthy(`1 of 10 Pods updated; ${kept}`),
    ],
    [
      'numbers as strings',
      setOf(JSON.parse('{"observedGeneration":"7","matchedPods":"12"}')),
      progressing('0 of 12 Pods updated'),
    ],
    ['a large number', setOf(counts(123_456, 100_000)), progressing('100000 of 123456 Pods updated')],
  ])('%s', (_, object, health) => {
    expect(runHealth(object)).toEqual(health);
  });

  it('as v1alpha1', () => {
    const set = { ...setOf(counts(10, 3)), apiVersion: 'apps.kruise.io/v1alpha1' };
    expect(runHealth(set)).toEqual(progressing('3 of 10 Pods updated'));
  });

  it('is healthy under a partition once as many Pods are updated as the rollout lets go', () => {
    for (const matched of [1, 2, 3, 10, 33]) {
      for (const partition of ['1%', '33%', '50%', '67%', '99%', '100%', 1, 2, 40]) {
        const released = matched - keptBack(partition, matched);
        const status = (updated: number) => runHealth(setOf(counts(matched, updated), { partition })).status;
        expect([partition, matched, status(released)]).toEqual([partition, matched, 'Healthy']);
        if (released > 0)
          expect([partition, matched, status(released - 1)]).toEqual([partition, matched, 'Progressing']);
      }
    }
  });
});

describe('a whole rollout', () => {
  const rollout: [status: Status, strategy: UpdateStrategy, health: Health][] = [
    [{ ...counts(10), observedGeneration: 6, conditions: told() }, {}, unseen],
    [
      { ...counts(10, 0), conditions: told(condition('Progressing', 'True', '0 of 10 Pods updated')) },
      {},
      progressing('0 of 10 Pods updated'),
    ],
    [{ ...counts(10, 3, 2), conditions: told(MOVING) }, {}, progressing('3 of 10 Pods updated')],
    [
      {
        ...counts(10, 3),
        conditions: told(PAUSED, condition('Progressing', 'False', 'paused', { reason: 'Paused' })),
      },
      { paused: true },
      suspended('paused at 3 of 10 Pods'),
    ],
    [{ ...counts(10, 3), conditions: told(MOVING) }, {}, progressing('3 of 10 Pods updated')],
    [
      {
        ...counts(10, 5, 3),
        conditions: told(
          CRASHING,
          UNAVAILABLE,
          condition('Progressing', 'False', 'held', { reason: 'Waiting' }),
        ),
      },
      {},
      degraded('web-1: logs is in CrashLoopBackOff'),
    ],
    [
      { ...counts(10, 6), conditions: told(condition('Progressing', 'True', '6 of 10 Pods updated')) },
      {},
      progressing('6 of 10 Pods updated'),
    ],
    [
      {
        ...counts(10, 9),
        conditions: told(
          condition('Progressing', 'False', '9 of 10 Pods updated, 1 kept back', { reason: 'Partitioned' }),
        ),
      },
      { partition: 1 },
      healthy('9 of 10 Pods updated, 1 kept back'),
    ],
    [{ ...counts(10), conditions: told() }, {}, healthy('10 of 10 Pods updated')],
  ];

  it('of a set with conditions', () => {
    const seen = rollout.map(([status, strategy]) => runHealth(setOf(status, strategy)));
    expect(seen).toEqual(rollout.map(([, , health]) => health));
  });

  it('of a set of OpenKruise, which does not tell why Pods fail', () => {
    const seen = rollout.map(([status, strategy]) =>
      runHealth(setOf({ ...status, conditions: undefined }, strategy)),
    );
    expect(seen.map(({ status }) => status)).toEqual([
      'Progressing',
      'Progressing',
      'Progressing',
      'Suspended',
      'Progressing',
      'Progressing',
      'Progressing',
      'Healthy',
      'Healthy',
    ]);
  });
});

describe('whatever is absent or of another kind', () => {
  /** The value with one field, at any depth, left out or replaced. */
  function* damaged(value: unknown, replacement: unknown): Generator<unknown> {
    yield replacement;
    if (typeof value !== 'object' || value === null) return;
    for (const [key, field] of Object.entries(value)) {
      for (const other of damaged(field, replacement)) {
        yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
      }
    }
  }

  it.each([
    undefined,
    null,
    {},
    [],
    '',
    'text',
    0,
    -1,
    1.5,
    true,
  ])('%j in place of a field', (replacement) => {
    const strategy = {
      type: 'RollingUpdate',
      paused: false,
      partition: '50%',
      selector: { matchLabels: {} },
    };
    for (const status of [counts(10, 3), { ...counts(10, 3), conditions: told(CRASHING) }]) {
      for (const object of damaged(setOf(status, strategy), replacement)) {
        expect(['Healthy', 'Progressing', 'Degraded', 'Suspended']).toContain(runHealth(object).status);
      }
    }
  });
});

it('argocd-cm.yaml carries the script', async () => {
  const text = await readFile(new URL('../../../infra/argocd/argocd-cm.yaml', import.meta.url), 'utf8');
  expect(parse(text)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'argocd-cm',
      namespace: 'argocd',
      labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: { 'resource.customizations.health.apps.kruise.io_SidecarSet': HEALTH_SCRIPT },
  });
});
