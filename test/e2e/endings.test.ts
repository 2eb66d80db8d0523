/** Every trap at the end of a sidecar, on the whole system with real processes; all run side by side. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NodeFact } from '../../infra/local/cluster/node/facts.ts';
import { containerStatus } from '../../shared/core/resources/pod.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';
import { type Case, jobFor } from './endings/case.ts';
import { CASES, OTHER_USER, REFUSED } from './endings/cases.ts';
import { type Foreign, startForeignRules } from './endings/foreign.ts';
import { DELETED, LATE, LATE_POD, OVER, OVER_KIND } from './endings/over.ts';
import { LINES, MAIN, SIDE, sidecarSetOf } from './system/manifests.ts';
import {
  alive,
  factsAbout,
  factsOf,
  PATIENCE,
  podOf,
  strategiesOf,
  untilOver,
  untilQuiet,
  verdictOf,
} from './system/story.ts';
import { type System, startSystem } from './system/system.ts';

const LONG = 600_000;

let foreign: Foreign;
let system: System;

beforeAll(async () => {
  foreign = await startForeignRules({ refused: REFUSED, otherUser: OTHER_USER });
  system = await startSystem();
  await system.apply([
    ...foreign.manifests,
    ...[OVER_KIND, ...CASES.map(({ kind }) => kind)].map(sidecarSetOf),
  ]);
  await system.apply([...OVER, ...CASES.map(jobFor)]);
}, LONG);

afterAll(async () => {
  await system?.stop();
  await foreign?.stop();
  expect(alive(system?.facts ?? [])).toEqual([]);
}, LONG);

const podFor = async (job: string): Promise<Pod> => {
  const pod = podOf(await system.pods(), job);
  if (pod === undefined) throw new Error(`Job ${job} has no Pod`);
  return pod;
};

/** The Event that tells the owner of a sidecar, if it is to be told. */
const toldOf = ({ kind, told }: Case): Promise<string | undefined> =>
  vi.waitFor(async () => {
    const found = (await system.events()).find(
      ({ reason, involvedObject }) =>
        reason === 'TerminationGivenUp' && involvedObject.name.startsWith(`${kind.name}-`),
    );
    if (told !== undefined) expect(found?.message).toMatch(told);
    return found?.message;
  }, PATIENCE);

const isOver = async (name: string): Promise<boolean> => {
  const job = (await system.jobs()).find(({ metadata }) => metadata.name === name);
  return job === undefined || verdictOf(job) !== undefined;
};

const exitCodeOf = (pod: Pod): number | undefined => {
  const { state, lastState } = containerStatus(pod, SIDE) ?? {};
  return (state?.terminated ?? lastState?.terminated)?.exitCode;
};

describe('a sidecar', () => {
  it.each(CASES)(
    '$does',
    async (each) => {
      const { kind, verdict, strategies, exitCode, told, hooked } = each;
      if (verdict !== undefined) {
        expect((await untilOver(system, [kind.name])).get(kind.name)).toBe(verdict);
        await untilQuiet(() => factsOf(system.facts, kind.name));
      }
      const message = await toldOf(each);
      expect(message === undefined).toBe(told === undefined);
      if (verdict === undefined) expect(await isOver(kind.name)).toBe(false);
      const pod = await podFor(kind.name);
      expect(strategiesOf(pod)).toEqual(strategies);
      if (kind.ending !== 'native') expect(exitCodeOf(pod)).toBe(exitCode);
      if (hooked) expect(await system.log(pod, SIDE)).toBe(`up\n${LINES}goodbye\n`);
    },
    LONG,
  );
});

/** SIGTERM to the sidecar, by what sent it. */
const signals = (facts: NodeFact[]): string[] =>
  factsAbout(facts, SIDE, 'signalled').flatMap(({ detail }) => /^SIGTERM.*/.exec(detail) ?? []);

describe('where the kubelet ends the Pod, its sidecar is signalled once, and not by us', () => {
  const untilStarted = (pod: string): Promise<unknown> =>
    vi.waitFor(
      () => expect(factsAbout(factsOf(system.facts, pod), MAIN, 'started')).toHaveLength(1),
      PATIENCE,
    );

  it(
    'a Pod that is deleted',
    async () => {
      await untilStarted(DELETED);
      await system.cluster.remove(PODS, { namespace: 'default', name: `${DELETED}-pod` });
      await untilQuiet(() => factsOf(system.facts, DELETED));
      expect(signals(factsOf(system.facts, DELETED))).toEqual(['SIGTERM']);
    },
    LONG,
  );

  it.each([
    ['a Job past its activeDeadlineSeconds', LATE],
    ['a Pod past its activeDeadlineSeconds', LATE_POD],
  ])(
    '%s',
    async (_, name) => {
      expect((await untilOver(system, [name])).get(name)).toBe('Failed');
      await untilQuiet(() => factsOf(system.facts, name));
      expect(signals(factsOf(system.facts, name))).toEqual(['SIGTERM']);
    },
    LONG,
  );
});

it('nothing was signalled that is no container', async () => {
  expect(system.facts.filter(({ outside }) => outside !== undefined)).toEqual([]);
  const events = await system.events();
  expect(events.filter(({ reason }) => /^(Sandbox|Host)Signalled$/.test(reason))).toEqual([]);
});
