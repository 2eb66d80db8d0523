/** Each strategy and each trap of docs/ending.md, as Jobs on a real node. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { UNSTARTABLE_IMAGE } from '../../../shared/model/names.ts';
import type { Served } from '../rig/served.ts';
import { ENDINGS } from './endings.ts';
import {
  IGNORE,
  jobOf,
  main,
  ON_FAILURE,
  podSpec,
  SCRIPTS,
  SHORT_GRACE,
  SIDE,
  shell,
  side,
  TERMINATE,
  triesOf,
} from './objects.ts';
import { exitCode, hasEnded, isRunning, untilJobEnds, untilPod } from './watching.ts';

const preStop = {
  lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'echo HOOK >/proc/1/fd/1'] } } },
};

const HOOK_TRIES = ['stop refused', 'exec'];

/** Like a policy that lets through images of known registries only. */
const NO_STOP = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'no-stop' },
  spec: {
    matchConstraints: {
      resourceRules: [{ operations: ['UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    },
    validations: [
      { expression: `!object.spec.containers.exists(each, each.image == '${UNSTARTABLE_IMAGE}')` },
    ],
  },
};
const NO_STOP_BINDING = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'no-stop' },
  spec: {
    policyName: 'no-stop',
    validationActions: ['Deny'],
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hooks' } } },
  },
};

const nameOf = (title: string): string => `ends-${ENDINGS.findIndex(([each]) => each === title) + 1}`;

export const endingCases = (served: () => Served): void => {
  describe('a sidecar is ended', () => {
    beforeAll(async () => {
      const { kubectl } = served();
      for (const [title, each] of ENDINGS) {
        const containers = [each.main ?? main(), each.side];
        await kubectl.apply(jobOf({ ...each, name: nameOf(title), containers }));
      }
    }, 120_000);

    it.each(ENDINGS)('%s', async (title, { ends, tries, code }) => {
      const { history } = served();
      const name = nameOf(title);
      expect(await untilJobEnds(history, name)).toBe(ends);
      const isSettled =
        code === undefined ? () => true : (pod: Pod) => exitCode(pod, SIDE) === code && hasEnded(pod, SIDE);
      await untilPod(history, name, isSettled);
      const last = history.pods(name).at(-1)?.object;
      expect(last && triesOf(last)).toEqual(tries);
    });
  });

  it('nothing is tried on a Pod that is being deleted', async () => {
    const { kubectl, history } = served();
    const name = 'deleted';
    const containers = [main('exec sleep 1d'), side(shell(SCRIPTS.exits0))];
    const metadata = { name, namespace: 'default' };
    await kubectl.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(containers, SHORT_GRACE) });
    await untilPod(history, name, (pod) => isRunning(pod, SIDE));
    await kubectl('delete', 'pod', name, '--timeout=60s');
    expect(history.pods(name).filter(({ object }) => triesOf(object).length > 0)).toEqual([]);
  });

  it('a sidecar that has crashed, and is not to count, does not fail its Pod', async () => {
    const { kubectl, history } = served();
    const name = 'crashed';
    const containers = [main('sleep 3'), side(shell('exit 1'), { env: [TERMINATE, IGNORE] })];
    await kubectl.apply(jobOf({ name, containers }));
    // The kubelet may set Failed first, and then takes over what we have set.
    const ended = await untilPod(history, name, (pod) => pod.status?.phase === 'Succeeded');
    expect(triesOf(ended)[0]).toBe('phase');
  });

  describe('preStop', () => {
    beforeAll(async () => {
      for (const object of [NO_STOP, NO_STOP_BINDING]) await served().kubectl.apply(object);
    });

    it.each([
      ['the kubelet runs it under Never', 'hook-never', 'default', {}, ['stop']],
      ['the kubelet runs it under OnFailure', 'hook-onfailure', 'default', ON_FAILURE, ['stop']],
      ['it is executed before the signal where stop is refused', 'hook-exec', 'hooks', {}, HOOK_TRIES],
    ])('%s', async (_, name, namespace, pod, tries) => {
      const { kubectl, history } = served();
      const containers = [main('sleep 2'), side(shell(SCRIPTS.exits0), preStop)];
      await kubectl.apply(jobOf({ name, namespace, containers, pod }));
      expect(await untilJobEnds(history, name)).toBe('Complete');
      const ended = await untilPod(history, name, (each) => hasEnded(each, SIDE));
      expect(triesOf(ended)).toEqual(tries);
      const log = await kubectl('logs', '-n', namespace, ended.metadata.name, '-c', SIDE);
      expect(log.split('\n')).toEqual(['up', 'HOOK', 'TERM']);
    });
  });
};
