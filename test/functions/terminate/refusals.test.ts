/** A try that the cluster refuses is no try: the next strategy follows at once. */
import { describe, expect, it } from 'vitest';
import { clusterError } from '../../support/fakeCluster.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../support/pods.ts';
import { createWorld, OK, type World, type WorldParts } from './world.ts';

const SWAPPED = [sidecar('side', [BY_EXIT_IMAGE])];
const QUIET = [sidecar('side', [IGNORED])];
const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const FORBIDDEN = clusterError(403, 'Forbidden', 'violates a policy');
const INVALID = clusterError(422, 'Invalid', 'violates a policy');
const NO_PROGRAM = 'exec: "/bin/sh": executable file not found in $PATH: unknown';
const noShell = clusterError(500, 'InternalError', NO_PROGRAM);

/** What the first run does, and what was left to do after it. */
const tell = async (world: World): Promise<[string[], string[]]> => {
  await world.deliver();
  const first = world.done();
  world.look();
  await world.settle();
  return [first, world.acts.slice(first.length)];
};

describe('what is refused', () => {
  it.each<[string, WorldParts, string[]]>([
    [
      'as exec by a policy is followed by an ephemeral container',
      { refusals: { term: FORBIDDEN } },
      ['term side (403)', 'killer side'],
    ],
    [
      'as exec for want of a shell is followed by one',
      { refusals: { term: noShell } },
      ['term side (500)', 'killer side'],
    ],
    [
      'as exec is followed by a stop where there is no image for ephemeral containers',
      { refusals: { term: FORBIDDEN }, killerImage: '' },
      ['term side (403)', 'stop side'],
    ],
    [
      'as exec and as ephemeral container by PodSecurity is followed by a stop',
      { refusals: { term: FORBIDDEN, killer: FORBIDDEN } },
      ['term side (403)', 'killer side (403)', 'stop side'],
    ],
    [
      'as exec and as ephemeral container under OnFailure is told to the owner',
      { refusals: { term: FORBIDDEN, killer: FORBIDDEN }, spec: ON_FAILURE },
      ['term side (403)', 'killer side (403)', 'tell side'],
    ],
    [
      'as exit image by a policy is followed by a signal',
      { sides: SWAPPED, refusals: { image: FORBIDDEN } },
      ['image side (403)', 'term side'],
    ],
    [
      'as exit image because it is none is followed by a signal',
      { sides: SWAPPED, refusals: { image: INVALID } },
      ['image side (422)', 'term side'],
    ],
    [
      'as phase is followed by a signal',
      { sides: QUIET, refusals: { phase: FORBIDDEN } },
      ['phase Succeeded (403)', 'term side'],
    ],
    [
      'as phase is followed by the exit image where there is one',
      { sides: [sidecar('side', [IGNORED, BY_EXIT_IMAGE])], refusals: { phase: FORBIDDEN } },
      ['phase Succeeded (403)', 'image side'],
    ],
    [
      'as stop in a shared process namespace is told to the owner',
      { spec: { shareProcessNamespace: true }, refusals: { stop: FORBIDDEN } },
      ['stop side (403)', 'tell side'],
    ],
    [
      'whatever it is goes down the whole ladder in one run',
      {
        sides: [sidecar('side', [IGNORED, BY_EXIT_IMAGE])],
        refusals: { phase: FORBIDDEN, image: INVALID, term: FORBIDDEN, killer: FORBIDDEN, stop: FORBIDDEN },
      },
      [
        'phase Succeeded (403)',
        'image side (422)',
        'term side (403)',
        'killer side (403)',
        'stop side (403)',
        'tell side',
      ],
    ],
  ])('%s, in the same run', async (_, parts, expected) => {
    const [first, later] = await tell(createWorld(parts));
    expect(first).toEqual(expected);
    expect(later).toEqual([]);
  });

  it.each([
    ['may not signal', 1, 'Operation not permitted'],
    ['is not there', 126, 'no such file or directory'],
    ['has no kill', 127, 'kill: not found'],
  ])('by a shell that %s is followed by an ephemeral container, in the same run', async (_, exitCode, stderr) => {
    const world = createWorld();
    world.cluster.onExec = async () => ({ ...OK, exitCode, stderr });
    const outcomes = await world.deliver();
    expect(world.done()).toEqual(['term side', 'killer side']);
    expect(outcomes).toMatchObject([
      {
        kind: 'done',
        code: 'TerminationFailed',
        detail: { why: [`exec: exit code ${exitCode}: ${stderr}`] },
      },
      { kind: 'later', code: 'TerminationEphemeral', seconds: 31 },
    ]);
  });

  it('is not asked for a second time', async () => {
    const world = createWorld({
      refusals: { image: FORBIDDEN },
      sides: SWAPPED,
      behaviours: { side: { onTerm: 'nothing' } },
    });
    await world.run();
    expect(world.acts).toEqual(['0 image side (403)', '0 term side', '26 stop side']);
  });

  it('of one sidecar does not stand against the image of another', async () => {
    const sides = [sidecar('a', [BY_EXIT_IMAGE]), sidecar('b', [BY_EXIT_IMAGE]), sidecar('c')];
    const world = createWorld({
      sides,
      refusals: { 'image b': FORBIDDEN },
      behaviours: { a: { onTerm: 143 } },
    });
    const [first] = await tell(world);
    expect(first).toEqual(['image a (403)', 'image b (403)', 'image a', 'image b (403)', 'term b', 'term c']);
    expect(world.pod().status?.phase).toBe('Succeeded');
  });
});

describe('an ephemeral container', () => {
  it('that may not signal is followed by a stop, as soon as that is seen', async () => {
    const world = createWorld({ refusals: { term: FORBIDDEN }, behaviours: { side: { killer: 1 } } });
    await world.deliver();
    world.clock.pass(2);
    world.look();
    await world.settle();
    expect(world.acts).toEqual(['0 term side (403)', '0 killer side', '2 stop side']);
  });

  it('has a name of its own for each sidecar, and again for the next try', async () => {
    const world = createWorld({
      sides: [sidecar('a'), sidecar('b')],
      refusals: { term: FORBIDDEN, 'killer a': clusterError(500, 'InternalError') },
      behaviours: { a: { onTerm: 'nothing' }, b: { onTerm: 'nothing' } },
      spec: ON_FAILURE,
    });
    await expect(world.deliver()).rejects.toMatchObject({ code: 500 });
    world.refusals['killer a'] = undefined;
    world.clock.pass(31);
    await world.run();
    const names = world.pod().spec.ephemeralContainers?.map(({ name }) => name);
    expect(new Set(names).size).toBe(names?.length);
    expect(world.pod().spec.ephemeralContainers?.map((each) => each.targetContainerName)).toEqual(['b', 'a']);
  });
});
