/** Every trap once. */
import { type Case, type Kind, never, onFailure } from './case.ts';

const NO_IMAGE = 'registry.invalid/exit:1';
const SHARED = { shareProcessNamespace: true };
const HOST = { hostPID: true };
/** The sidecar copies the line before it ends. */
const lifecycle = { preStop: { exec: { command: ['/bin/sh', '-c', 'echo goodbye >> /shared/lines'] } } };

const SIGNALS: Case[] = [
  never(
    'without a handler is signalled, stopped and killed',
    'no-handler',
    { image: 'noHandler', ending: 'signal' },
    { verdict: 'Failed', strategies: ['exec', 'stop'], exitCode: 137 },
  ),
  never(
    'that ignores SIGTERM is signalled, stopped and killed',
    'ignores',
    { image: 'ignoresTerm', ending: 'signal' },
    { verdict: 'Failed', strategies: ['exec', 'stop'], exitCode: 137 },
  ),
  never(
    'that exits 143 fails its Pod',
    'exits-143',
    { image: 'exits143', ending: 'signal' },
    { verdict: 'Failed', strategies: ['exec'], exitCode: 143 },
  ),
  onFailure(
    'that exits 143 is started again, not signalled again, and told',
    'started-again',
    { image: 'exits143', ending: 'signal' },
    { strategies: ['exec'], exitCode: 143, told: /tried exec/ },
  ),
];

const IMAGES: Case[] = [
  onFailure(
    'is signalled where the Job can not bear its exit image',
    'limit-0',
    { image: 'exits0', ending: 'exit image' },
    { backoffLimit: 0, verdict: 'Complete', strategies: ['exec'], exitCode: 0 },
  ),
  onFailure(
    'gets its exit image where the Job can bear it',
    'limit-6',
    { image: 'exits143', ending: 'exit image' },
    { verdict: 'Complete', strategies: ['image'], exitCode: 0 },
  ),
  never(
    'whose exit image can not be pulled ends by its own exit code 0',
    'no-pull-0',
    { image: 'exits0', ending: 'exit image', exitImage: NO_IMAGE },
    { verdict: 'Complete', strategies: ['image'], exitCode: 0 },
  ),
  never(
    'whose exit image can not be pulled fails by its own exit code 143',
    'no-pull-143',
    { image: 'exits143', ending: 'exit image', exitImage: NO_IMAGE },
    { verdict: 'Failed', strategies: ['image'], exitCode: 143 },
  ),
  onFailure(
    'whose exit image can not be pulled is told',
    'no-pull-told',
    { image: 'exits143', ending: 'exit image', exitImage: NO_IMAGE },
    { strategies: ['image'], exitCode: 143, told: /tried image/ },
  ),
];

const NAMESPACES: Case[] = [
  never(
    'in a shared process namespace is stopped',
    'shared-stop',
    { image: 'exits0', ending: 'signal' },
    { spec: SHARED, verdict: 'Complete', strategies: ['stop'], exitCode: 0 },
  ),
  never(
    "in the host's process namespace is stopped",
    'host-stop',
    { image: 'exits0', ending: 'signal' },
    { spec: HOST, verdict: 'Complete', strategies: ['stop'], exitCode: 0 },
  ),
  onFailure(
    'in a shared process namespace gets its exit image',
    'shared-image',
    { image: 'exits143', ending: 'exit image' },
    { spec: SHARED, verdict: 'Complete', strategies: ['image'], exitCode: 0 },
  ),
  onFailure(
    "in the host's process namespace ends after the phase",
    'host-phase',
    { image: 'exits143', ending: 'ignored' },
    { spec: HOST, verdict: 'Complete', strategies: ['phase'], exitCode: 143 },
  ),
  onFailure(
    'in a shared process namespace that nothing can end is told',
    'shared-told',
    { image: 'exits0', ending: 'signal' },
    { spec: SHARED, strategies: [], told: /shares a process namespace/ },
  ),
];

const ENDED: Case[] = [
  never(
    'that has ended is left alone',
    'ended',
    { image: 'crashes', args: ['1500', '0'], ending: 'signal' },
    { seconds: 4, verdict: 'Complete', strategies: [], exitCode: 0 },
  ),
  never(
    'that has crashed fails its Pod',
    'crashed',
    { image: 'crashes', args: ['1500', '3'], ending: 'signal' },
    { seconds: 4, verdict: 'Failed', strategies: [], exitCode: 3 },
  ),
];

/** Their names are the labels that {@link startForeignRules} looks for. */
export const REFUSED = 'ephemeral-refused';
export const OTHER_USER = 'killer-of-other-user';

const NO_SHELL: Kind = { image: 'noShell', ending: 'signal' };

const KILLERS: Case[] = [
  never('without a shell is signalled from beside it', 'no-shell', NO_SHELL, {
    verdict: 'Complete',
    strategies: ['exec', 'ephemeral'],
    exitCode: 0,
  }),
  never(
    'of another user than root is signalled as that user',
    'as-user',
    { ...NO_SHELL, securityContext: { runAsUser: 1000 } },
    { verdict: 'Complete', strategies: ['exec', 'ephemeral'], exitCode: 0 },
  ),
  never('beside which no ephemeral container is allowed is stopped', REFUSED, NO_SHELL, {
    verdict: 'Complete',
    strategies: ['exec', 'ephemeral', 'stop'],
    exitCode: 0,
  }),
  never('that the ephemeral container may not signal is stopped', OTHER_USER, NO_SHELL, {
    verdict: 'Complete',
    strategies: ['exec', 'ephemeral', 'stop'],
    exitCode: 0,
  }),
];

const HOOKS: Case[] = [
  never(
    'with a preStop is stopped',
    'hook-never',
    { image: 'exits0', ending: 'signal', lifecycle },
    { verdict: 'Complete', strategies: ['stop'], exitCode: 0, hooked: true },
  ),
  onFailure(
    'with a preStop is stopped',
    'hook-onfailure',
    { image: 'exits0', ending: 'signal', lifecycle },
    { verdict: 'Complete', strategies: ['stop'], exitCode: 0, hooked: true },
  ),
  onFailure(
    'with a preStop gets its exit image',
    'hook-image',
    { image: 'exits143', ending: 'exit image', lifecycle },
    { verdict: 'Complete', strategies: ['image'], exitCode: 0, hooked: true },
  ),
  never(
    'with a preStop ends after the phase',
    'hook-phase',
    { image: 'exits143', ending: 'ignored', lifecycle },
    { verdict: 'Complete', strategies: ['phase'], exitCode: 143, hooked: true },
  ),
  never(
    'with a preStop ends as a native one',
    'hook-native',
    { image: 'exits143', ending: 'native', lifecycle },
    { verdict: 'Complete', strategies: [], exitCode: 143, hooked: true },
  ),
];

export const CASES: Case[] = [...SIGNALS, ...IMAGES, ...NAMESPACES, ...ENDED, ...KILLERS, ...HOOKS];
