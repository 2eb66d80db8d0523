import { expect, it } from 'vitest';
import {
  harmfulKill,
  type KillCommand,
  parseKill,
} from '../../../../../../infra/local/cluster/node/processes/killCommand.ts';

// These commands are parsed and never run.

it.each<[string[], NodeJS.Signals]>([
  [['kill', '1'], 'SIGTERM'],
  [['kill', '-TERM', '1'], 'SIGTERM'],
  [['kill', '-s', 'TERM', '1'], 'SIGTERM'],
  [['kill', '-s', 'SIGINT', '--', '1'], 'SIGINT'],
  [['/bin/kill', '-15', '1'], 'SIGTERM'],
  [['/usr/bin/kill', '-SIGKILL', '1'], 'SIGKILL'],
  [['kill', '-n', '10', '1'], 'SIGUSR1'],
  [['sh', '-c', 'kill -TERM 1'], 'SIGTERM'],
  [['/bin/sh', '-c', ' kill -s hup 1 '], 'SIGHUP'],
  [['bash', '-c', 'kill 1'], 'SIGTERM'],
])('%j is a signal to process 1', (command, signal) => {
  expect(parseKill(command)).toEqual({ kind: 'signal', signal });
});

it.each<[string[]]>([
  [['kill', '-TERM', '-1']],
  [['kill', '-9', '0']],
  [['kill', '1', '2']],
  [['kill', '-BOGUS', '1']],
  [['kill', '4711']],
  [['sh', '-c', 'kill -TERM 1; true']],
  [['sh', '-c', 'kill -TERM $PID']],
  [['sh', '-c', 'kill -TERM 1', 'name']],
  [['sh', '-ec', 'kill -TERM 1']],
  [['sh', '-c', 'echo `kill 1`']],
  [['env', 'kill', '-TERM', '1']],
  [['busybox', 'kill', '1']],
  [['pkill', 'node']],
  [['sh', '-c', 'killall -9 nginx']],
])('%j is refused', (command) => {
  expect(parseKill(command)).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining(command.join(' ')),
  });
});

it.each<[string[], KillCommand['kind']]>([
  [['kill', '-0', '1'], 'test'],
  [['cat', '/data/skills'], 'none'],
  [['/usr/local/ilogtail/ilogtail_control.sh', 'stop'], 'none'],
  [['sh', '-c', 'roadkill; kill-all.sh'], 'none'],
])('%j is of kind %s', (command, kind) => {
  expect(parseKill(command).kind).toBe(kind);
});

it.each([
  ['kill 1'],
  ['kill -TERM 1'],
  ['kill -9 -1'],
  ['kill -- -1'],
  ['kill -s TERM 1'],
  ['kill $PID 1'],
  ['trap "kill -TERM 1" EXIT'],
  ['sleep 5; /bin/kill -9 -4711'],
  ['x=$(kill 1)'],
  ['killall nginx'],
  ['exec pkill -f nginx'],
])('a container whose script says %s is refused', (text) => {
  expect(harmfulKill(['/bin/sh', '-c', text])).toBeTypeOf('string');
});

it.each([
  ['kill -TERM $PID'],
  ['kill -1 $PID'],
  ['kill 0'],
  ['kill -TERM "$(cat pid)"'],
  ["trap 'kill $!' TERM; sleep 1"],
  ['echo kills 1'],
  ['until [[ -f /a ]]; do sleep 1; done'],
])('a container whose script says %s is run', (text) => {
  expect(harmfulKill(['/bin/sh', '-c', text])).toBeUndefined();
});

it('a kill in the words of a command itself is seen', () => {
  expect(harmfulKill(['kill', '-TERM', '1'])).toBe('kill -TERM 1');
});
