import { describe, expect, it } from 'vitest';
import {
  exitImageOf,
  ignoresExitCode,
  isSidecar,
  mainContainers,
} from '../../../../shared/core/termination/sidecar.ts';
import type { EnvVar } from '../../../../shared/model/kubernetes.ts';
import { main, makePod, sidecar } from '../../../support/pods.ts';

const BY_SIGNAL = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT';
const BY_IMAGE = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE';
const IGNORE = 'KRUISE_TERMINATE_SIDECAR_IGNORE_EXIT_CODE';
const fromLabel = { fieldRef: { fieldPath: "metadata.labels['x']" } };

const containerWith = (env: EnvVar[]) => ({ name: 'candidate', env });

describe('a container is a sidecar', () => {
  it.each<[string, EnvVar[], boolean]>([
    ['with the switch on', [{ name: BY_SIGNAL, value: 'true' }], true],
    ['with the switch on in capitals', [{ name: BY_SIGNAL, value: 'TRUE' }], true],
    ['not with another value', [{ name: BY_SIGNAL, value: 'yes' }], false],
    ['not with the switch off', [{ name: BY_SIGNAL, value: 'false' }], false],
    ['not with a value from elsewhere', [{ name: BY_SIGNAL, valueFrom: fromLabel }], false],
    ['with an exit image', [{ name: BY_IMAGE, value: 'registry/exit:1' }], true],
    ['not with an empty exit image', [{ name: BY_IMAGE, value: '' }], false],
    ['not with an exit image from elsewhere', [{ name: BY_IMAGE, valueFrom: fromLabel }], false],
    ['not because its exit code is to be ignored', [{ name: IGNORE, value: 'true' }], false],
    ['not without any of them', [], false],
  ])('%s', (_, env, expected) => {
    expect(isSidecar(containerWith(env))).toBe(expected);
  });

  it.each<[string, string[], boolean]>([
    ['on', ['false', 'true'], true],
    ['off', ['true', 'false'], false],
  ])('by the last of two variables of one name, here %s', (_, values, expected) => {
    const env = values.map((value) => ({ name: BY_SIGNAL, value }));
    expect(isSidecar(containerWith(env))).toBe(expected);
  });
});

describe('an exit code is ignored', () => {
  it.each<[string, EnvVar[], boolean]>([
    [
      'where both switches are on',
      [
        { name: BY_SIGNAL, value: 'true' },
        { name: IGNORE, value: 'True' },
      ],
      true,
    ],
    ['not by its switch alone', [{ name: IGNORE, value: 'true' }], false],
    [
      'not beside an exit image alone',
      [
        { name: BY_IMAGE, value: 'registry/exit:1' },
        { name: IGNORE, value: 'true' },
      ],
      false,
    ],
    [
      'not by a value from elsewhere',
      [
        { name: BY_SIGNAL, value: 'true' },
        { name: IGNORE, valueFrom: fromLabel },
      ],
      false,
    ],
    ['not where only the first switch is on', [{ name: BY_SIGNAL, value: 'true' }], false],
  ])('%s', (_, env, expected) => {
    expect(ignoresExitCode(containerWith(env))).toBe(expected);
  });
});

it('an exit image is the literal value', () => {
  expect(exitImageOf(containerWith([{ name: BY_IMAGE, value: 'registry/exit:1' }]))).toBe('registry/exit:1');
  expect(exitImageOf(containerWith([{ name: BY_IMAGE, valueFrom: fromLabel }]))).toBe('');
});

it('all others are main containers, init containers are neither', () => {
  const pod = makePod({
    containers: [main(), sidecar(), main('second')],
    spec: { initContainers: [main('init'), { ...sidecar('native'), restartPolicy: 'Always' }] },
  });
  expect(mainContainers(pod).map(({ name }) => name)).toEqual(['main', 'second']);
});
