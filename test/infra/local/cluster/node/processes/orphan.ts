/** Starts a process by the node's own means, tells its number, and waits to be killed. */
import { startChild } from '../../../../../../infra/local/cluster/node/processes/child.ts';
import { Groups } from '../../../../../../infra/local/cluster/node/processes/groups.ts';

const words = ['/bin/sh', '-c', "trap '' TERM; while :; do sleep 0.1; done"];
const groups = new Groups();
const ended = await startChild(groups, { words: ['/bin/sh', '-c', 'exit 0'], cwd: '/', env: {} }, 'ignore');
await ended.ended;
const child = await startChild(groups, { words, cwd: '/', env: { PATH: '/usr/bin:/bin' } }, 'ignore');
console.log(child.pid);
