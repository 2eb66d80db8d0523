import { expect, it } from 'vitest';
import { countPods, statusAgrees } from '../../../cli/demo/status.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';

const set = (status?: SidecarSet['status']): SidecarSet => ({
  metadata: { name: 'logs', generation: 2, annotations: { 'kruise.io/sidecarset-hash': 'new' } },
  spec: { containers: [{ name: 'agent' }] },
  status,
});

const pod = ({
  hash = 'new',
  phase = 'Running',
  running = 'v2',
  ready = 'True',
  deleting = false,
} = {}): Pod => ({
  metadata: {
    name: 'p',
    deletionTimestamp: deleting ? '2026-01-01T00:00:00Z' : undefined,
    annotations: {
      'kruise.io/sidecarset-injected-list': 'a,logs',
      'kruise.io/sidecarset-hash': JSON.stringify({ logs: { hash } }),
    },
  },
  spec: { containers: [{ name: 'agent', image: 'v2' }] },
  status: {
    phase: phase as 'Running',
    conditions: [{ type: 'Ready', status: ready as 'True' }],
    containerStatuses: [{ name: 'agent', image: running, imageID: '', ready: true, restartCount: 0 }],
  },
});

it.each<[string, Pod, [number, number, number]]>([
  ['a served Pod counts everywhere', pod(), [1, 1, 1]],
  ['an old one is not updated', pod({ hash: 'old' }), [1, 0, 1]],
  ['one in flight is not ready', pod({ running: 'v1' }), [1, 1, 0]],
  ['one that is not Ready is not ready', pod({ ready: 'False' }), [1, 1, 0]],
  ['a finished one does not count', pod({ phase: 'Succeeded' }), [0, 0, 0]],
  ['a deleted one does not count', pod({ deleting: true }), [0, 0, 0]],
  ['a Pod of no set does not count', { metadata: { name: 'x' }, spec: { containers: [] } }, [0, 0, 0]],
])('%s', (_, one, [matchedPods, updatedPods, readyPods]) => {
  expect(countPods(set(), [one])).toEqual({ matchedPods, updatedPods, readyPods });
});

it.each([
  ['agrees with equal counts of this generation', 2, 1, true],
  ['does not agree about another generation', 1, 1, false],
  ['does not agree on other counts', 2, 0, false],
])('the status %s', (_, observedGeneration, matchedPods, expected) => {
  const status = { observedGeneration, matchedPods, updatedPods: 1, readyPods: 1 };
  expect(statusAgrees(set(status), [pod()])).toBe(expected);
});
