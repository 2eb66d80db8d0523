/** What is done about native sidecars. */
import { expect, it } from 'vitest';
import { decideActions } from '../../../../../../infra/local/cluster/node/pod/actions.ts';
import { endsAfter } from '../../../../../../infra/local/cluster/node/pod/order.ts';
import type { Failing } from '../../../../../../infra/local/cluster/node/pod/probes.ts';
import type { RunView } from '../../../../../../infra/local/cluster/node/views.ts';
import type { PodSpec } from '../../../../../../shared/model/kubernetes.ts';
import { named, native, plain, specOf, two } from './natives.ts';
import { run, snapshot } from './views.ts';

interface Seen {
  views: Record<string, RunView>;
  failing?: Record<string, Failing>;
  /** Names whose current run has started. */
  started?: string[];
}

const decide = (spec: PodSpec, { views, failing = {}, started = [] }: Seen) => {
  const probes = { failing: new Map(Object.entries(failing)), started: new Set(started) };
  const { stop, start, endAll } = decideActions(spec, snapshot(named(views)), probes);
  return [
    ...(endAll ? ['end all'] : []),
    ...stop.map(({ container, why, restart }) => `${restart ? 'restart' : 'stop'} ${container.name}: ${why}`),
    ...start.map(({ name }) => `start ${name}`),
  ];
};

const startupProbe = { exec: { command: ['true'] } };

it.each<[string, PodSpec, Seen, string[]]>([
  ['the first sidecar alone is started', two(), { views: {} }, ['start s1']],
  ['the second follows when the first runs', two(), { views: { s1: run() } }, ['start s2']],
  [
    'a startup probe holds the next one back',
    specOf('Never', native('s1', { startupProbe }), native('s2')),
    { views: { s1: run() } },
    [],
  ],
  [
    'the next one follows when the startup probe has succeeded',
    specOf('Never', native('s1', { startupProbe }), native('s2')),
    { views: { s1: run() }, started: ['s1'] },
    ['start s2'],
  ],
  [
    'a failing startup probe restarts, also under Never',
    specOf('Never', native('s1', { startupProbe }), native('s2')),
    { views: { s1: run() }, failing: { s1: 'startup' } },
    ['restart s1: startup'],
  ],
  ['the main container follows the last', two(), { views: { s1: run(), s2: run() } }, ['start main']],
  [
    'a plain init container follows a sidecar',
    specOf('Never', native('s1'), plain('i')),
    { views: { s1: run() } },
    ['start i'],
  ],
  [
    'a sidecar that ends while a plain init container runs is started again',
    specOf('Never', native('s1'), plain('i')),
    { views: { s1: run(0), i: run() } },
    ['start s1'],
  ],
  [
    'a plain init container that fails under Never ends all',
    specOf('Never', native('s1'), plain('i')),
    { views: { s1: run(), i: run(1) } },
    ['end all'],
  ],
  [
    'a sidecar that ends before the next one is started again first',
    two(),
    { views: { s1: run(3) } },
    ['start s1'],
  ],
  [
    'under Never a sidecar that fails is started again, the main container is left alone',
    two(),
    { views: { s1: run(1), s2: run(), main: run() } },
    ['start s1'],
  ],
  [
    'one that exits 0 is started again too',
    two('OnFailure'),
    { views: { s1: run(), s2: run(0), main: run() } },
    ['start s2'],
  ],
  [
    'another image restarts only the sidecar',
    specOf('Never', native('s1', { image: 'app:2' }), native('s2')),
    { views: { s1: run(), s2: run(), main: run() } },
    ['restart s1: image-changed'],
  ],
  [
    'a failing liveness probe restarts only the sidecar',
    two(),
    { views: { s1: run(), s2: run(), main: run() }, failing: { s2: 'liveness' } },
    ['restart s2: liveness'],
  ],
  [
    'sidecars are ended when the main container has',
    two(),
    { views: { s1: run(), s2: run(), main: run(1) } },
    ['end all'],
  ],
  [
    'no sidecar is started again after the main container',
    two('OnFailure'),
    { views: { s1: run(1), s2: run(), main: run(0) } },
    ['end all'],
  ],
  [
    'under OnFailure a failed main container is started beside its sidecars',
    two('OnFailure'),
    { views: { s1: run(), s2: run(), main: run(1) } },
    ['start main'],
  ],
  [
    'under Always sidecars outlive the main container, which comes back',
    two('Always'),
    { views: { s1: run(), s2: run(), main: run(0) } },
    ['start main'],
  ],
])('%s', (_, spec, seen, expected) => {
  expect(decide(spec, seen)).toEqual(expected);
});

it.each<[string, string[]]>([
  ['main', []],
  ['i', []],
  ['s2', ['main']],
  ['s1', ['main', 's2']],
])('%s ends after %j', (name, expected) => {
  const spec = specOf('Never', native('s1'), plain('i'), native('s2'));
  expect(endsAfter(spec, plain(name)).map((container) => container.name)).toEqual(expected);
});
