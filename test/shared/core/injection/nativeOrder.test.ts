/** Native and plain sidecars start in the order that all would have as plain ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import {
  AFTER,
  bringing,
  COMPATIBLE,
  injected,
  names,
  ORDERED,
  orderedPod,
  saying,
  sidecar,
} from './natives.ts';
import { podOf, prioritized, setOf } from './pods.ts';

describe('the order of what is left', () => {
  it('needs no barrier where one container is left, and so the Pod no name', () => {
    const { pod } = injected(podOf({}, { name: undefined, generateName: 'job-' }), [
      bringing(sidecar('a', '100')),
    ]);
    expect(pod.metadata).not.toHaveProperty('name', expect.any(String));
    expect(JSON.stringify(pod)).not.toContain('KRUISE_CONTAINER_BARRIER');
  });

  it('needs barriers where the others differ among themselves', () => {
    const { pod } = injected(podOf({ containers: [{ name: 'main' }, prioritized('helper', '3')] }), [
      bringing(sidecar('a', '100')),
    ]);
    const keys = pod.spec.containers.map(({ env }) => env?.at(-1)?.valueFrom?.configMapKeyRef?.key);
    expect(keys).toEqual(['p_0', 'p_3']);
    expect(JSON.stringify(pod.spec.initContainers)).not.toContain('KRUISE_CONTAINER_BARRIER');
  });
});

describe('a native sidecar counts as started when it is ready', () => {
  const readinessProbe = { exec: { command: ['ready'] }, periodSeconds: 5, successThreshold: 2 };
  const probing = { readinessProbe };
  const derived = {
    exec: { command: ['ready'] },
    periodSeconds: 5,
    successThreshold: 1,
    failureThreshold: 2147483647,
  };

  it.each<{ where: string; set: SidecarSet; pod?: Pod; isAwaited: boolean }>([
    {
      where: 'an own container has a lower priority',
      set: bringing(sidecar('a', '1', probing)),
      isAwaited: true,
    },
    {
      where: 'a native sidecar has a lower priority',
      set: bringing(sidecar('a', '1', probing), sidecar('b', '0')),
      pod: podOf({ containers: [prioritized('main', '0')] }),
      isAwaited: true,
    },
    { where: 'nothing has a priority', set: bringing(sidecar('a', undefined, probing)), isAwaited: false },
    {
      where: 'all have the same priority',
      set: bringing(sidecar('a', '1', probing)),
      pod: podOf({ containers: [prioritized('main', '1')] }),
      isAwaited: false,
    },
    {
      where: 'the Pod is Ordered',
      set: bringing(sidecar('a', undefined, probing)),
      pod: orderedPod(),
      isAwaited: true,
    },
  ])('$isAwaited: where $where', ({ set, pod = podOf(), isAwaited }) => {
    const [native] = injected(pod, [set]).pod.spec.initContainers ?? [];
    expect(native?.startupProbe).toEqual(isAwaited ? { ...derived, timeoutSeconds: 1 } : undefined);
    expect(native?.readinessProbe).toMatchObject(readinessProbe);
  });

  it('but not where it says itself when it has started, or never says that it is ready', () => {
    const startupProbe = { exec: { command: ['up'] }, successThreshold: 1 };
    const [own, none] =
      injected(podOf(), [bringing(sidecar('a', '2', { ...probing, startupProbe }), sidecar('b', '1'))]).pod
        .spec.initContainers ?? [];
    expect([own?.startupProbe, none?.startupProbe]).toEqual([startupProbe, undefined]);
  });
});

describe('whatever the priorities', () => {
  const priorities = fc.option(fc.integer({ min: -2, max: 2 }).map(String), { nil: undefined });
  const containers = (prefix: string) =>
    fc
      .array(fc.record({ priority: priorities, isAfter: fc.boolean() }), { minLength: 1, maxLength: 3 })
      .map((list) =>
        list.map(({ priority, isAfter }, at) => sidecar(`${prefix}${at}`, priority, isAfter ? AFTER : {})),
      );

  /** What starts before what, as `a > b`; of plain containers only what the barriers hold. */
  const orderOf = ({ spec }: Pod): Set<string> => {
    const native = names(spec.initContainers);
    const levels = spec.containers.map(({ name, env }) => ({
      name,
      level: Number(env?.at(-1)?.valueFrom?.configMapKeyRef?.key.slice(2) ?? 0),
    }));
    return new Set([
      ...native.flatMap((a, at) =>
        [...native.slice(at + 1), ...names(spec.containers)].map((b) => `${a} > ${b}`),
      ),
      ...levels.flatMap((a) => levels.flatMap((b) => (a.level > b.level ? [`${a.name} > ${b.name}`] : []))),
    ]);
  };

  it('no container starts before one that it waits for under compatible', () => {
    fc.assert(
      fc.property(
        containers('own').map((own) => own.map(({ podInjectPolicy: _, ...container }) => container)),
        containers('a'),
        containers('b'),
        fc.boolean(),
        fc.boolean(),
        (own, first, second, isMixed, isOrdered) => {
          const pod = podOf({ containers: own }, isOrdered ? { labels: { app: 'web' }, ...ORDERED } : {});
          const mesh = setOf('mesh', { containers: second });
          const sets = [bringing(...first), isMixed ? saying('compatible', mesh) : mesh];
          const wanted = orderOf(injected(pod, sets, COMPATIBLE).pod);
          const got = orderOf(injected(pod, sets).pod);
          expect([...wanted].filter((pair) => !got.has(pair))).toEqual([]);
        },
      ),
    );
  });
});
