import { expect, it } from 'vitest';
import { decideActions } from '../../../../../../infra/local/cluster/node/pod/actions.ts';
import type { Failing } from '../../../../../../infra/local/cluster/node/pod/probes.ts';
import type { RestartPolicy } from '../../../../../../infra/local/cluster/node/pod/restart.ts';
import type { RunView } from '../../../../../../infra/local/cluster/node/views.ts';
import type { PodSpec } from '../../../../../../shared/model/kubernetes.ts';
import { run, snapshot } from './views.ts';

const decide = (spec: PodSpec, views: Record<string, RunView>, failing: Record<string, Failing> = {}) => {
  const probes = { failing: new Map(Object.entries(failing)), started: new Set<string>() };
  const { ephemeral, stop, start, endAll } = decideActions(spec, snapshot(views), probes);
  return [
    ...(endAll ? ['end all'] : []),
    ...ephemeral.map(({ name }) => `start ephemeral ${name}`),
    ...stop.map(
      ({ container, why, restart }) => `stop ${container.name}: ${why}${restart ? ', restart' : ''}`,
    ),
    ...start.map(({ name }) => `start ${name}`),
  ];
};

const one = (restartPolicy: RestartPolicy, image = 'app:1'): PodSpec => ({
  restartPolicy,
  containers: [{ name: 'a', image }],
});

it.each<[string, PodSpec, Record<string, RunView>, Record<string, Failing>, string[]]>([
  ['a container that never ran is started', one('Never'), {}, {}, ['start a']],
  ['a running one is left alone', one('Always'), { a: run() }, {}, []],
  ['Never does not start again', one('Never'), { a: run(1) }, {}, ['end all']],
  ['OnFailure starts a failed one again', one('OnFailure'), { a: run(1) }, {}, ['start a']],
  ['OnFailure leaves a succeeded one', one('OnFailure'), { a: run(0) }, {}, ['end all']],
  ['Always starts a succeeded one again', one('Always'), { a: run(0) }, {}, ['start a']],
  [
    'another image restarts under Never',
    one('Never', 'app:2'),
    { a: run() },
    {},
    ['stop a: image-changed, restart'],
  ],
  [
    'another image restarts under OnFailure',
    one('OnFailure', 'app:2'),
    { a: run() },
    {},
    ['stop a: image-changed, restart'],
  ],
  ['another image does not bring back an ended one', one('Never', 'app:2'), { a: run(0) }, {}, ['end all']],
  [
    'a failing liveness probe of the last that runs ends the Pod under Never',
    one('Never'),
    { a: run() },
    { a: 'liveness' },
    ['end all'],
  ],
  [
    'a failing liveness probe beside one that runs stops that container under Never',
    { ...one('Never'), containers: [...one('Never').containers, { name: 'b', image: 'app:1' }] },
    { a: run(), b: run() },
    { a: 'liveness' },
    ['stop a: liveness'],
  ],
  [
    'a failing liveness probe restarts under OnFailure',
    one('OnFailure'),
    { a: run() },
    { a: 'liveness' },
    ['stop a: liveness, restart'],
  ],
  [
    'a failing startup probe restarts under Always',
    one('Always'),
    { a: run() },
    { a: 'startup' },
    ['stop a: startup, restart'],
  ],
  [
    'a changed image comes before a failing probe',
    one('Never', 'app:2'),
    { a: run() },
    { a: 'liveness' },
    ['stop a: image-changed, restart'],
  ],
])('%s', (_, spec, views, failing, expected) => {
  expect(decide(spec, views, failing)).toEqual(expected);
});

const staged = (restartPolicy: RestartPolicy): PodSpec => ({
  restartPolicy,
  initContainers: [
    { name: 'i1', image: 'app:1' },
    { name: 'i2', image: 'app:1' },
  ],
  containers: [{ name: 'a', image: 'app:1' }],
});

it.each<[string, RestartPolicy, Record<string, RunView>, string[]]>([
  ['the first init container alone is started', 'Never', {}, ['start i1']],
  ['nothing starts beside a running init container', 'Never', { i1: run() }, []],
  ['the second follows the first', 'Never', { i1: run(0) }, ['start i2']],
  ['a failed one ends it all under Never', 'Never', { i1: run(1) }, ['end all']],
  ['a failed one is started again under Always', 'Always', { i1: run(1) }, ['start i1']],
  ['the main container follows the last', 'Always', { i1: run(0), i2: run(0) }, ['start a']],
])('%s', (_, policy, views, expected) => {
  expect(decide(staged(policy), views)).toEqual(expected);
});

const debugged: PodSpec = {
  ...one('Never'),
  ephemeralContainers: [
    { name: 'e1', image: 'app:1' },
    { name: 'e2', image: 'app:1' },
  ],
};

it.each<[string, PodSpec, Record<string, RunView>, string[]]>([
  [
    'ephemeral containers start before all others',
    debugged,
    {},
    ['start ephemeral e1', 'start ephemeral e2', 'start a'],
  ],
  ['one that ran is never started again', debugged, { a: run(), e1: run(1) }, ['start ephemeral e2']],
  ['an ephemeral container does not keep the Pod', debugged, { a: run(0), e1: run() }, ['end all']],
  [
    'they start while the Pod still initializes',
    { ...debugged, initContainers: [{ name: 'i', image: 'app:1' }] },
    { i: run() },
    ['start ephemeral e1', 'start ephemeral e2'],
  ],
])('%s', (_, spec, views, expected) => {
  expect(decide(spec, views)).toEqual(expected);
});
