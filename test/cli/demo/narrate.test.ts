import { expect, it } from 'vitest';
import { podSentences } from '../../../cli/demo/narrate.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';

const pod = (image = 'r/agent:edge', phase: 'Pending' | 'Running' = 'Pending', annotations = {}): Pod => ({
  metadata: { name: 'p', annotations },
  spec: { containers: [{ name: 'agent', image }] },
  status: { phase },
});
const opened = { 'serverless.sidecarset.io/launch-opened': 'p_0' };
const injected = { 'kruise.io/sidecarset-injected-list': 'logs' };

it.each<[string, Pod | undefined, Pod, string, string[]]>([
  ['a new Pod by its containers', undefined, pod(), 'ADDED', ['created with containers agent']],
  [
    'who injected it',
    undefined,
    pod('r/agent:edge', 'Pending', injected),
    'ADDED',
    ['created with containers agent, injected by logs'],
  ],
  [
    'an opened level once',
    pod(),
    pod('r/agent:edge', 'Pending', opened),
    'MODIFIED',
    ['start level p_0 opened'],
  ],
  [
    'no level twice',
    pod('r/agent:edge', 'Pending', opened),
    pod('r/agent:edge', 'Pending', opened),
    'MODIFIED',
    [],
  ],
  ['a new image by its tag', pod(), pod('r/agent:latest'), 'MODIFIED', ['image set to latest in place']],
  ['a new phase', pod(), pod('r/agent:edge', 'Running'), 'MODIFIED', ['phase Running']],
  ['a deletion', pod(), pod(), 'DELETED', ['deleted']],
])('tells %s', (_, previous, next, type, expected) => {
  expect(podSentences(previous, next, type).map(({ what }) => what)).toEqual(expected);
});
