import { describe, expect, it } from 'vitest';
import { type ServiceStory, serviceChecks } from '../../../../cli/demo/checks/service.ts';
import type { NodeFact } from '../../../../infra/local/cluster/node/facts.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';

const pod = (name: string, { wanted = 'v2', running = 'v2', ready = true, uid = name } = {}): Pod => ({
  metadata: { name, uid },
  spec: { containers: [{ name: 'agent', image: wanted }] },
  status: {
    podIP: `ip-${name}`,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'agent', image: running, imageID: running, ready, restartCount: 0 }],
  },
});

const at = new Date(0);
const sight = (...args: Parameters<typeof pod>) => ({ at, pod: pod(...args) });
const fact = (uid: string, container: string, what: NodeFact['what']): NodeFact => ({
  at,
  namespace: 'default',
  pod: uid,
  uid,
  container,
  what,
  detail: '',
});
const restart = (uid: string) => [fact(uid, 'agent', 'exited'), fact(uid, 'agent', 'started')];
const settled = { name: '', ok: true, detail: '' };

const good: ServiceStory = {
  sidecar: 'agent',
  main: 'nginx',
  before: [pod('a'), pod('b')],
  after: [pod('b'), pod('a')],
  steps: [
    { name: 'partition 50%', expected: 1, moved: ['a'], settled },
    { name: 'paused', expected: 0, moved: [], settled },
  ],
  maxUnavailable: 1,
  sights: [sight('a', { running: 'v1' }), sight('a'), sight('b', { ready: false }), sight('b')],
  facts: [...restart('a'), ...restart('b')],
  shipped: new Map([
    ['a', [1, 2, 3]],
    ['b', [1]],
  ]),
};

const failed = (story: ServiceStory): string[] =>
  serviceChecks(story)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

describe('serviceChecks', () => {
  it('passes an upgrade as it should be', () => {
    expect(serviceChecks(good).map(({ name }) => name)).toEqual([
      'partition 50%: 1 Pod moves',
      'paused: no Pod moves',
      'every Pod keeps its name, uid and IP',
      'only agent restarts, once in each Pod; nginx keeps its process',
      'never more than 1 of 2 Pods are unavailable',
      "the SidecarSet's status agrees with the Pods at every step",
      'no line of the service is lost or shipped twice over the upgrade',
    ]);
    expect(failed(good)).toEqual([]);
  });

  it.each<[string, Partial<ServiceStory>, string]>([
    [
      'a step that moved too many',
      { steps: [{ name: 'paused', expected: 0, moved: ['a'], settled }] },
      'paused: no Pod moves',
    ],
    [
      'a recreated Pod',
      { after: [pod('a', { uid: 'new' }), pod('b')] },
      'every Pod keeps its name, uid and IP',
    ],
    [
      'a second restart',
      { facts: [...good.facts, ...restart('a')] },
      'only agent restarts, once in each Pod; nginx keeps its process',
    ],
    [
      'a touched main container',
      { facts: [...good.facts, fact('a', 'nginx', 'exited')] },
      'only agent restarts, once in each Pod; nginx keeps its process',
    ],
    [
      'two processes down at once',
      {
        facts: [
          fact('a', 'agent', 'exited'),
          fact('b', 'agent', 'exited'),
          fact('a', 'agent', 'started'),
          fact('b', 'agent', 'started'),
        ],
      },
      'never more than 1 of 2 Pods are unavailable',
    ],
    [
      'two Pods in flight at once',
      { sights: [sight('a', { running: 'v1' }), sight('b', { running: 'v1' })] },
      'never more than 1 of 2 Pods are unavailable',
    ],
    [
      'a Pod in flight beside one that is not ready',
      { sights: [sight('a', { running: 'v1' }), sight('b', { ready: false })] },
      'never more than 1 of 2 Pods are unavailable',
    ],
    [
      'a status that did not agree',
      { steps: [{ name: 'paused', expected: 0, moved: [], settled: { ...settled, ok: false } }] },
      "the SidecarSet's status agrees with the Pods at every step",
    ],
    [
      'a lost line',
      {
        shipped: new Map([
          ['a', [1, 3]],
          ['b', [1]],
        ]),
      },
      'no line of the service is lost or shipped twice over the upgrade',
    ],
    [
      'a repeated line',
      {
        shipped: new Map([
          ['a', [1, 1]],
          ['b', [1]],
        ]),
      },
      'no line of the service is lost or shipped twice over the upgrade',
    ],
    [
      'a Pod without a line',
      { shipped: new Map([['a', [1]]]) },
      'no line of the service is lost or shipped twice over the upgrade',
    ],
  ])('fails %s by name', (_, change, name) => {
    expect(failed({ ...good, ...change })).toEqual([name]);
  });
});
