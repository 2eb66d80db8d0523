import { afterEach, expect, it, vi } from 'vitest';
import type { TransportRequest } from '../../../shared/io/cluster/transport.ts';
import { ClusterError } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { startReflector } from './reflector.ts';

const object = (name: string, resourceVersion: string, uid = name): KubernetesObject => ({
  metadata: { name, namespace: 'default', uid, resourceVersion },
});

const event = (type: string, what: object): string => JSON.stringify({ type, object: what });

interface Round {
  /** Answer to a list; absent: none is expected. */
  list?: { items: KubernetesObject[]; resourceVersion: string };
  lines: string[];
  fault?: Error;
}

let stop = (): void => undefined;
afterEach(() => stop());

/** Plays the rounds one after another; the last watch stays open. */
const follow = (rounds: Round[]) => {
  const seen: string[] = [];
  const watched: (string | undefined)[] = [];
  const left = [...rounds];
  const reflector = startReflector<KubernetesObject>({
    cluster: {
      list: async () => {
        const { list } = left[0] ?? {};
        if (list === undefined) throw new Error('no list expected');
        return list as never;
      },
    },
    connection: {
      async lines({ query }: TransportRequest, signal, onLine) {
        watched.push(query?.['resourceVersion']);
        const round = left.shift();
        for (const line of round?.lines ?? []) onLine(line);
        if (round?.fault) throw round.fault;
        if (left.length === 0)
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    },
    clock: {
      now: () => new Date(0),
      after(_, action) {
        const soon = setImmediate(action);
        return () => clearImmediate(soon);
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    resource: PODS,
    options: {},
    onChange: (type, { metadata }) => seen.push(`${type} ${metadata.name}@${metadata.resourceVersion}`),
  });
  stop = reflector.stop;
  return { seen, watched, done: () => vi.waitFor(() => expect(watched).toHaveLength(rounds.length)) };
};

it('tells of what there is, then of every change', async () => {
  const { seen, done } = follow([
    {
      list: { items: [object('a', '1')], resourceVersion: '5' },
      lines: [
        event('MODIFIED', object('a', '6')),
        event('ADDED', object('b', '7')),
        event('DELETED', object('a', '8')),
      ],
    },
  ]);
  await done();
  expect(seen).toEqual(['ADDED a@1', 'MODIFIED a@6', 'ADDED b@7', 'DELETED a@8']);
});

it.each<[string, Error | undefined]>([
  ['ends', undefined],
  ['breaks', new ClusterError(0, 'NoAnswer', 'reset')],
])('goes on from the last version, a bookmark too, when the watch %s', async (_, fault) => {
  const { seen, watched, done } = follow([
    {
      list: { items: [object('a', '1')], resourceVersion: '5' },
      lines: [event('MODIFIED', object('a', '6')), event('BOOKMARK', object('', '9'))],
      fault,
    },
    { lines: [event('MODIFIED', object('a', '10'))] },
  ]);
  await done();
  expect(watched).toEqual(['5', '9']);
  expect(seen).toEqual(['ADDED a@1', 'MODIFIED a@6', 'MODIFIED a@10']);
});

const EXPIRED = new ClusterError(410, 'Expired', 'too old');
it.each<[string, Pick<Round, 'lines' | 'fault'>]>([
  ['as an event', { lines: [event('ERROR', { code: 410, reason: 'Expired', message: 'too old' })] }],
  ['as an answer', { lines: [], fault: EXPIRED }],
])('lists anew after 410 Expired %s, and tells what was missed', async (_, expired) => {
  const before = [object('kept', '1'), object('changed', '2'), object('gone', '3'), object('again', '4')];
  const after = [object('kept', '1'), object('changed', '12'), object('again', '14', 'another')];
  const { seen, watched, done } = follow([
    { list: { items: before, resourceVersion: '5' }, ...expired },
    { list: { items: after, resourceVersion: '20' }, lines: [] },
  ]);
  await done();
  expect(watched).toEqual(['5', '20']);
  expect(seen.slice(before.length)).toEqual([
    'DELETED gone@3',
    'MODIFIED changed@12',
    'DELETED again@4',
    'ADDED again@14',
  ]);
});
