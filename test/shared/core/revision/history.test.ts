import { describe, expect, it } from 'vitest';
import { revisionData } from '../../../../shared/core/revision/controllerRevision.ts';
import { historyOf, nextRevision, superfluousRevisions } from '../../../../shared/core/revision/history.ts';
import type { ControllerRevision } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import { makeSet } from '../../../support/fleet.ts';

const VERSION_LABEL = 'apps.kruise.io/sidecarset-custom-version';

const created = (set: SidecarSet, history: ControllerRevision[] = [], collisions = 0): ControllerRevision =>
  nextRevision(set, history, collisions).revision;

/** A history of contents by image tag, oldest first, each stored as `nextRevision` wants it. */
const historyOfTags = (...tags: string[]): ControllerRevision[] => {
  const history: ControllerRevision[] = [];
  for (const tag of tags) history.push(created(makeSet(tag), history));
  return history;
};

describe('the next revision', () => {
  it('is created with the content, the metadata of the SidecarSet and its ownership', () => {
    const set = makeSet('v1', {}, { customVersion: 'spring' });
    set.metadata.labels = { team: 'a' };
    const step = nextRevision(set, [], 0);
    expect(step.kind).toBe('create');
    expect(step.revision).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        namespace: 'sidecarset-system',
        labels: { team: 'a', 'kruise.io/sidecarset-name': 'logs', [VERSION_LABEL]: 'spring' },
        annotations: set.metadata.annotations,
        ownerReferences: [
          {
            apiVersion: 'apps.kruise.io/v1beta1',
            kind: 'SidecarSet',
            name: 'logs',
            uid: 'set-uid',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      revision: 1,
    });
    const { name, labels } = step.revision.metadata;
    expect(name).toBe(`logs-${labels?.['controller.kubernetes.io/hash']}`);
    expect(JSON.stringify(step.revision.data)).toBe(revisionData(set.spec));
  });

  it('has another name while the first belongs to other content', () => {
    expect(created(makeSet('v1'), [], 1).metadata.name).not.toBe(created(makeSet('v1')).metadata.name);
  });

  it('is the newest one if that holds the content', () => {
    const history = historyOfTags('v1', 'v2');
    expect(nextRevision(makeSet('v2'), history, 0)).toEqual({ kind: 'keep', revision: history[1] });
  });

  it('is known again when the nulls in its content were dropped', () => {
    const [stored] = historyOfTags('v1');
    if (!stored) throw new Error('there is a revision');
    expect(JSON.stringify(stored.data)).toContain('"volumes":null');
    const dropped = JSON.parse(JSON.stringify(stored.data), (_, value) => value ?? undefined);
    expect(nextRevision(makeSet('v1'), [{ ...stored, data: dropped }], 0).kind).toBe('keep');
  });

  it('is kept when only selector or strategy change', () => {
    const history = historyOfTags('v1');
    const set = makeSet('v1', { paused: true }, { selector: { matchLabels: { other: 'x' } } });
    expect(nextRevision(set, history, 0).kind).toBe('keep');
  });

  it('is an older one with a new highest number after a rollback', () => {
    const history = historyOfTags('v1', 'v2', 'v3');
    expect(nextRevision(makeSet('v1'), history, 0)).toMatchObject({
      kind: 'change',
      revision: history[0],
      patch: { revision: 4 },
    });
  });

  it('gets the custom version as a label, which is never taken away', () => {
    const history = historyOfTags('v1');
    const labelled = makeSet('v1', {}, { customVersion: 'spring' });
    expect(nextRevision(labelled, history, 0)).toMatchObject({
      kind: 'change',
      patch: { metadata: { labels: { [VERSION_LABEL]: 'spring' } } },
    });
    expect(nextRevision(makeSet('v1'), [created(labelled)], 0).kind).toBe('keep');
  });
});

describe('the history', () => {
  it('is in order of numbers, and without those of a deleted namesake', () => {
    const [one, two] = historyOfTags('v1', 'v2');
    if (!one || !two) throw new Error('two revisions');
    const orphan: ControllerRevision = { ...one, metadata: { name: 'adopted' }, revision: 9 };
    const foreign = created({ ...makeSet('v3'), metadata: { name: 'logs', uid: 'former' } });
    expect(historyOf(makeSet('v1'), [orphan, two, foreign, one])).toEqual([one, two, orphan]);
  });
});

describe('superfluous revisions', () => {
  const history = historyOfTags('v1', 'v2', 'v3', 'v4');
  const nameAt = (index: number): string => history[index]?.metadata.name ?? '';

  it.each([
    { name: 'none within the default limit', limit: undefined, used: [], indexes: [] },
    { name: 'the oldest beyond the limit', limit: 2, used: [], indexes: [0, 1] },
    { name: 'never the newest', limit: 0, used: [], indexes: [0, 1, 2] },
    { name: 'a negative limit is 1', limit: -3, used: [], indexes: [0, 1, 2] },
    { name: 'none that a Pod carries; the next oldest goes', limit: 3, used: [0], indexes: [1] },
    { name: 'too many in use stay', limit: 1, used: [0, 1, 2], indexes: [] },
  ])('$name', ({ limit, used, indexes }) => {
    const set = makeSet('v4', {}, { revisionHistoryLimit: limit });
    const superfluous = superfluousRevisions(set, history, new Set(used.map(nameAt)));
    expect(superfluous).toEqual(indexes.map((index) => history[index]));
  });

  it('spare the one that injection is pinned to, by name or by custom version', () => {
    const byName = makeSet(
      'v4',
      {},
      { revisionHistoryLimit: 1, injectionStrategy: { revision: { revisionName: nameAt(1) } } },
    );
    expect(superfluousRevisions(byName, history, new Set()).map(({ metadata }) => metadata.name)).toEqual([
      nameAt(0),
      nameAt(2),
    ]);
    const labelled = history.map((revision, index) =>
      index === 2
        ? { ...revision, metadata: { ...revision.metadata, labels: { [VERSION_LABEL]: 'spring' } } }
        : revision,
    );
    const byVersion = makeSet(
      'v4',
      {},
      { revisionHistoryLimit: 1, injectionStrategy: { revision: { customVersion: 'spring' } } },
    );
    expect(superfluousRevisions(byVersion, labelled, new Set()).map(({ metadata }) => metadata.name)).toEqual(
      [nameAt(0), nameAt(1)],
    );
  });
});
