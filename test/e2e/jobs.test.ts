/** Jobs side by side in the whole system, with real processes: each ends with the verdict of its main container. */
import { beforeAll, describe, expect, it } from 'vitest';
import { crashes, KINDS } from './jobs/kinds.ts';
import { type Played, playJobs, type Story } from './jobs/play.ts';
import { LINES, MAIN, SIDE } from './system/manifests.ts';
import { factsAbout, signalledTwice, strategiesOf } from './system/story.ts';

const LONG = 600_000;

const named = <T>(stories: Story[], of: (story: Story) => T): Record<string, T> =>
  Object.fromEntries(stories.map((story) => [story.job, of(story)]));

/** What an `it` says of every Job, seen and wanted. */
const expectEach = <T>(stories: Story[], seen: (story: Story) => T, wanted: (story: Story) => T): void =>
  expect(named(stories, seen)).toEqual(named(stories, wanted));

const succeeds = ({ exitCode }: Story): boolean => exitCode === 0;
/** The Job controller ends the others by itself. */
const isEndedByUs = (story: Story): boolean => succeeds(story) || story.kind.restartPolicy === 'Never';

const startOf = ({ facts }: Story, container: string): number =>
  facts.findIndex((fact) => fact.what === 'started' && fact.container === container);

const endsWell = (play: () => Played): void => {
  it('every Job ends with the verdict of its main container', () => {
    expectEach(
      play().stories,
      ({ verdict }) => verdict,
      (story) => (succeeds(story) ? 'Complete' : 'Failed'),
    );
  });

  it('every sidecar is asked to end by the first strategy that can', () => {
    const stories = play().stories.filter(isEndedByUs);
    expectEach(
      stories,
      // A node that is late by more than a try's time is asked by the next strategy, too.
      ({ pod, kind }) => pod && strategiesOf(pod).slice(0, kind.strategies.length),
      ({ kind }) => kind.strategies,
    );
  });

  it('no line is lost', () => {
    const stories = play().stories.filter((story) => isEndedByUs(story) && !crashes(story.kind));
    expectEach(
      stories,
      ({ log }) => log,
      () => `up\n${LINES}`,
    );
  });

  it('every sidecar runs before its main container starts', () => {
    expectEach(
      play().stories,
      (story) => startOf(story, SIDE) >= 0 && startOf(story, SIDE) < startOf(story, MAIN),
      () => true,
    );
  });

  it('no process gets SIGTERM twice', () => expect(signalledTwice(play().facts)).toEqual([]));

  it('nothing is signalled that is no container', () => {
    expect(play().facts.filter(({ outside }) => outside !== undefined)).toEqual([]);
    expect(play().events.filter(({ reason }) => /^(Sandbox|Host)Signalled$/.test(reason))).toEqual([]);
  });

  it('no process is left, neither when the Jobs are over nor after the end', () => {
    expect(play().left).toEqual({ before: [], after: [] });
  });
};

describe('100 Jobs by events alone', () => {
  let played: Played;
  beforeAll(async () => {
    played = await playJobs(KINDS, 5);
  }, LONG);

  it('100 Jobs have run', () => expect(played.stories).toHaveLength(100));
  endsWell(() => played);

  it('a sidecar that crashes does so before its main container ends', () => {
    const stories = played.stories.filter((story) => crashes(story.kind) && isEndedByUs(story));
    const endOf = ({ facts }: Story, container: string) => factsAbout(facts, container, 'exited')[0]?.at;
    expectEach(
      stories,
      (story) => Number(endOf(story, SIDE)) < Number(endOf(story, MAIN)),
      () => true,
    );
    expect(stories).not.toEqual([]);
  });
});

describe('5 Jobs by resyncs alone', () => {
  const names = [
    'exits0-signal-never',
    'exits143-exit-image-onfailure',
    'nohandler-ignored-onfailure',
    'noshell-signal-never',
    'exits143-native-never',
  ];
  let played: Played;
  beforeAll(async () => {
    const kinds = KINDS.filter(({ name }) => names.includes(name));
    played = await playJobs(kinds, 1, { without: ['observe'], resyncEvery: 1000 });
  }, LONG);

  it('5 Jobs have run', () => expect(played.stories).toHaveLength(5));
  endsWell(() => played);
});
