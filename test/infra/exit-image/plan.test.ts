import { describe, expect, it } from 'vitest';
import type { Container, LifecycleHandler } from '../../../shared/model/kubernetes.ts';
import { ENV, IMAGE, plan, SIDECAR, sidecar, sidecarSet } from './given.ts';

/** But for the image's own. */
const programs = (...objects: unknown[]): string[] =>
  plan(...objects).programs.filter((path) => path !== '/exit');

const exec = (...command: string[]): LifecycleHandler => ({ exec: { command } });

describe('sidecars are found', () => {
  const spec = { containers: [SIDECAR] };
  it.each<[string, unknown]>([
    ['in a SidecarSet', sidecarSet(SIDECAR)],
    [
      'in a SidecarSet that has native ones only',
      { spec: { initContainers: [sidecar({ restartPolicy: 'Always' })] } },
    ],
    ['in a Pod', { kind: 'Pod', spec }],
    ['in a workload', { kind: 'Deployment', spec: { template: { spec } } }],
    ['in a CronJob', { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec } } } } }],
    ['in an AdvancedCronJob', { spec: { template: { jobTemplate: { spec: { template: { spec } } } } } }],
    ['beside containers without the variable', sidecarSet({ name: 'main', command: ['/main'] }, SIDECAR)],
    ['beside an empty variable', sidecarSet({ name: 'main', env: [{ name: ENV, value: '' }] }, SIDECAR)],
  ])('%s', (_, object) => {
    expect(plan({ kind: 'Secret' }, object)).toEqual({ programs: ['/exit'], names: [IMAGE], faults: [] });
  });

  it('of several objects, with each name and program once', () => {
    const other = { name: 'other', command: ['/bin/sh'], env: [{ name: ENV, value: 'exit' }] };
    expect(plan(sidecarSet(sidecar({ command: ['/bin/sh'] })), sidecarSet(other, SIDECAR))).toEqual({
      programs: ['/bin/sh', '/exit'],
      names: ['docker.io/library/exit:latest', IMAGE],
      faults: [],
    });
  });

  it('with the last of two variables', () => {
    const env = [{ name: ENV, value: 'not/A/name' }, ...(SIDECAR.env ?? [])];
    expect(plan(sidecarSet({ ...SIDECAR, env })).names).toEqual([IMAGE]);
  });
});

describe('the program of a container is', () => {
  it.each<[string, Partial<Container>, string[]]>([
    ["the image's own, without a command", { args: ['--verbose'] }, []],
    ["the image's own, with an empty command", { command: [] }, []],
    ['the absolute path of its command', { command: ['/opt/agent/run', '/etc/agent'] }, ['/opt/agent/run']],
    ['the plain form of that path', { command: ['/opt//agent/./run'] }, ['/opt/agent/run']],
    ['a bare name, in the PATH of the image', { command: ['sh'] }, ['/bin/sh']],
    [
      'a bare name, first in the PATH of the container',
      { command: ['sh'], env: [{ name: 'PATH', value: '/opt/bin:/bin' }] },
      ['/opt/bin/sh'],
    ],
    [
      'a relative path from the working directory',
      { command: ['./run'], workingDir: '/work' },
      ['/work/run'],
    ],
    ['a relative path from /', { command: ['bin/run'] }, ['/bin/run']],
    [
      'where no mount is',
      {
        command: ['/opt/agent'],
        volumeMounts: [
          { name: 'a', mountPath: '/opt/agents' },
          { name: 'b', mountPath: '/var/log' },
        ],
      },
      ['/opt/agent'],
    ],
  ])('%s', (_, change, expected) => {
    const { faults } = plan(sidecarSet(sidecar(change)));
    expect([programs(sidecarSet(sidecar(change))), faults]).toEqual([expected, []]);
  });

  it('joined by those of hooks and probes', () => {
    const container = sidecar({
      command: ['/agent'],
      lifecycle: { postStart: exec('/started'), preStop: exec('/stop', 'now') },
      livenessProbe: exec('alive'),
      readinessProbe: exec('/ready'),
      startupProbe: { httpGet: { port: 80 } },
    });
    expect(programs(sidecarSet(container))).toEqual(['/agent', '/bin/alive', '/ready', '/started', '/stop']);
  });

  it.each([
    ['/mounted/check'],
    ['/proc/self/exe'],
    ['$(CHECK)'],
    ['../check'],
    [],
  ])('alone, where a hook or a probe names %j: no harm comes from its absence', (...command) => {
    const volumeMounts = [{ name: 'a', mountPath: '/mounted' }];
    const container = sidecar({ volumeMounts, livenessProbe: exec(...command) });
    expect(plan(sidecarSet(container))).toEqual({ programs: ['/exit'], names: [IMAGE], faults: [] });
  });
});
