import { describe, expect, it } from 'vitest';
import { matchedPods } from '../../../../shared/core/rollout/matched.ts';
import { onlyNamespace } from '../../../../shared/core/rollout/namespaces.ts';
import type { LabelSelector, ObjectMeta, Pod } from '../../../../shared/model/kubernetes.ts';
import { ANNOTATION_INJECTED_LIST } from '../../../../shared/model/names.ts';
import { makeFleetPod, makeSet } from '../../../support/fleet.ts';

const pod = makeFleetPod(0, 'v1');
const withMeta = (metadata: Partial<ObjectMeta>): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, ...metadata },
});

describe('a Pod is matched', () => {
  it.each([
    { name: 'selected, alive, injected', candidate: pod, matched: true },
    {
      name: 'injected by several',
      candidate: withMeta({ annotations: { [ANNOTATION_INJECTED_LIST]: 'a,logs' } }),
      matched: true,
    },
    { name: 'not ready', candidate: makeFleetPod(0, 'v1', { ready: false }), matched: true },
    { name: 'other labels', candidate: withMeta({ labels: { app: 'db' } }), matched: false },
    { name: 'older than the SidecarSet', candidate: withMeta({ annotations: {} }), matched: false },
    {
      name: 'injected by a set with a longer name',
      candidate: withMeta({ annotations: { [ANNOTATION_INJECTED_LIST]: 'logs-2' } }),
      matched: false,
    },
    {
      name: 'on its way out',
      candidate: withMeta({ deletionTimestamp: '2026-03-01T12:00:00Z' }),
      matched: false,
    },
    { name: 'succeeded', candidate: makeFleetPod(0, 'v1', { phase: 'Succeeded' }), matched: false },
    { name: 'failed', candidate: makeFleetPod(0, 'v1', { phase: 'Failed' }), matched: false },
    {
      name: 'without the container',
      candidate: { ...pod, spec: { containers: [{ name: 'main' }] } },
      matched: false,
    },
  ])('$matched: $name', ({ candidate, matched }) => {
    expect(matchedPods(makeSet('v1'), [candidate])).toHaveLength(matched ? 1 : 0);
  });

  it.each([
    { name: 'a native sidecar', restartPolicy: 'Always', matched: true },
    { name: 'a plain init container', restartPolicy: undefined, matched: false },
  ])('$matched: with the container as $name', ({ restartPolicy, matched }) => {
    const initContainers = [{ name: 'agent', restartPolicy }];
    const candidate = { ...pod, spec: { containers: [{ name: 'main' }], initContainers } };
    expect(matchedPods(makeSet('v1'), [candidate])).toHaveLength(matched ? 1 : 0);
  });

  it.each([
    { names: ['mesh-1', 'mesh-2'], matched: true },
    { names: ['mesh-1'], matched: false },
    { names: ['mesh'], matched: false },
  ])('$matched: with $names of a hot-upgraded container', ({ names, matched }) => {
    const containers = [
      {
        name: 'mesh',
        image: 'm',
        upgradeStrategy: { upgradeType: 'HotUpgrade' as const, hotUpgradeEmptyImage: 'e' },
      },
    ];
    const candidate = { ...pod, spec: { containers: names.map((name) => ({ name })) } };
    expect(matchedPods(makeSet('v1', {}, { containers }), [candidate])).toHaveLength(matched ? 1 : 0);
  });

  it.each([{ selector: undefined }, { selector: {} }])('never by the selector $selector', ({ selector }) => {
    expect(matchedPods(makeSet('v1', {}, { selector }), [pod])).toEqual([]);
  });
});

const NAME = 'kubernetes.io/metadata.name';

describe('a namespace selector names one namespace', () => {
  it.each<{ selector: LabelSelector; only: string | undefined }>([
    { selector: { matchLabels: { [NAME]: 'a' } }, only: 'a' },
    { selector: { matchExpressions: [{ key: NAME, operator: 'In', values: ['a'] }] }, only: 'a' },
    {
      selector: { matchExpressions: [{ key: NAME, operator: 'In', values: ['a', 'b'] }] },
      only: undefined,
    },
    {
      selector: { matchExpressions: [{ key: NAME, operator: 'NotIn', values: ['a'] }] },
      only: undefined,
    },
    { selector: { matchLabels: { [NAME]: 'a', team: 'x' } }, only: undefined },
    { selector: { matchLabels: { team: 'a' } }, only: undefined },
  ])('$only: $selector', ({ selector, only }) => {
    expect(onlyNamespace(selector)).toBe(only);
  });
});
