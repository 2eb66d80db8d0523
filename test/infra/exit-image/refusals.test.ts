import { describe, expect, it } from 'vitest';
import { ENV, plan, SIDECAR, sidecar, sidecarSet } from './given.ts';

describe('refused, by field and with what to do, is', () => {
  const at = 'f0: spec.containers[0]';
  const mounts = (...paths: string[]) => paths.map((mountPath) => ({ name: 'data', mountPath }));
  it.each<[string, unknown[], string]>([
    [
      'nothing with the variable',
      [{ kind: 'Pod', spec: { containers: [{ name: 'a' }] } }],
      `f0: no container has a literal ${ENV}: give it to`,
    ],
    [
      'a plain init container alone',
      [{ kind: 'Pod', spec: { initContainers: [SIDECAR], containers: [] } }],
      `f0: no container has a literal ${ENV}`,
    ],
    [
      'an image from elsewhere',
      [
        sidecarSet({
          name: 'a',
          env: [{ name: ENV, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        }),
      ],
      `${at}.env[0].valueFrom: ${ENV} counts only as a literal: give it a \`value\``,
    ],
    [
      'an image that is none',
      [sidecarSet({ name: 'a', env: [{ name: ENV, value: '$(REGISTRY)/exit' }] })],
      `${at}.env[0].value: "$(REGISTRY)/exit" is not the name of an image`,
    ],
    [
      'a program in a volume',
      [sidecarSet(sidecar({ command: ['/opt/agent/run'], volumeMounts: mounts('/log', '/opt/') }))],
      `${at}.command[0]: container agent: /opt/agent/run lies under the volume mount /opt, which hides the image`,
    ],
    [
      'a program that is a mounted file',
      [sidecarSet(sidecar({ command: ['/run.sh'], volumeMounts: mounts('/run.sh') }))],
      '/run.sh lies under the volume mount /run.sh',
    ],
    [
      'a program that a volume may hold first in the PATH',
      [sidecarSet(sidecar({ command: ['sh'], volumeMounts: mounts('bin') }))],
      '/bin/sh lies under the volume mount /bin',
    ],
    ...['/proc/self/exe', '/sys/x', '/dev/shm/run'].map((path): [string, unknown[], string] => [
      `${path}, which no image can hold`,
      [sidecarSet(sidecar({ command: [path] }))],
      `${at}.command[0]: container agent: ${path}: no image can hold a program in`,
    ]),
    ['the root', [sidecarSet(sidecar({ command: ['/'] }))], 'container agent: / is a directory'],
    ['no word', [sidecarSet(sidecar({ command: [''] }))], `${at}.command[0]: names no program`],
    [
      'a variable',
      [sidecarSet(sidecar({ command: ['$(BIN)'] }))],
      '$(BIN): write the program without a variable',
    ],
    ['a way up', [sidecarSet(sidecar({ command: ['/a/../b'] }))], '/a/../b: write the path without ".."'],
    ...['', 'bin:/bin'].map((value): [string, unknown[], string] => [
      `a bare name and the PATH "${value}"`,
      [sidecarSet(sidecar({ command: ['sh'], env: [{ name: 'PATH', value }] }))],
      `${at}.command[0]: sh is searched in the container's PATH, which does not begin`,
    ]),
    [
      'a bare name and a PATH from elsewhere',
      [sidecarSet(sidecar({ command: ['sh'], env: [{ name: 'PATH', valueFrom: {} }] }))],
      "sh is searched in the container's PATH",
    ],
    [
      'a program that is a directory for another one',
      [sidecarSet(sidecar({ command: ['/a/b'] })), sidecarSet(sidecar({ command: ['/a/b/c'] }))],
      'f1: spec.containers[0].command[0]: /a/b/c needs a directory /a/b, which is a program (f0: spec.containers[0].command[0])',
    ],
    [
      "a program below the image's own",
      [sidecarSet(sidecar({ command: ['/exit/now'] }))],
      "/exit/now needs a directory /exit, which is a program (the image's own program)",
    ],
    [
      'a volume where another container has its program',
      [
        sidecarSet(
          sidecar({ command: ['/agent'] }),
          sidecar({ volumeMounts: mounts('/log', '/agent/data') }),
        ),
      ],
      'f0: spec.containers[1].volumeMounts[1].mountPath: /agent is a program (f0: spec.containers[0].command[0])',
    ],
    [
      'a manifest that the API server would refuse',
      [{ spec: { template: { spec: { containers: [{ name: 'a', command: '/bin/sh' }] } } } }],
      'f0: spec.template.spec.containers[0].command: Wrong type: must be a list',
    ],
  ])('%s', (_, objects, fault) => {
    const { faults } = plan(...objects);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  it('everything that is wrong, at once', () => {
    const { faults } = plan(sidecarSet(sidecar({ command: ['$(A)'] }), sidecar({ command: ['/proc/a'] })));
    expect(faults).toHaveLength(2);
  });
});
