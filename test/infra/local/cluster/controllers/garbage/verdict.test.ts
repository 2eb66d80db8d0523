import { describe, expect, it } from 'vitest';
import { ownerResource } from '../../../../../../infra/local/cluster/controllers/garbage/kinds.ts';
import { type Found, isGarbage } from '../../../../../../infra/local/cluster/controllers/garbage/verdict.ts';
import { pod, seconds } from '../objects.ts';

const owner = (uid: string) => ({ apiVersion: 'v1', kind: 'Pod', name: uid, uid });
const alive = (uid: string): Found => ({ uid });

describe('garbage', () => {
  it.each<[string, string[], Found[], boolean]>([
    ['nobody owned it', [], [], false],
    ['its owner lives', ['a'], [alive('a')], false],
    ['its owner is gone', ['a'], ['absent'], true],
    ['only another object of the name lives', ['a'], [alive('b')], true],
    ['one of two owners lives', ['a', 'b'], ['absent', alive('b')], false],
    ['both owners are gone', ['a', 'b'], ['absent', alive('c')], true],
    ['an owner is of an unknown kind', ['a', 'b'], ['absent', 'unknown'], false],
  ])('is decided when %s', (_what, uids, found, expected) => {
    const { metadata } = pod('dependent', {}, { ownerReferences: uids.map(owner) });
    expect(isGarbage(metadata, found)).toBe(expected);
  });

  it('is not deleted twice', () => {
    const { metadata } = pod('a', {}, { ownerReferences: [owner('x')], deletionTimestamp: seconds(0) });
    expect(isGarbage(metadata, ['absent'])).toBe(false);
  });
});

describe('the resource of an owner', () => {
  it.each([
    ['v1', 'Pod', 'pods'],
    ['apps/v1', 'ReplicaSet', 'replicasets'],
    ['apps.kruise.io/v1alpha1', 'SidecarSet', 'sidecarsets'],
    ['example.com/v1', 'Pod', undefined],
    ['batch/v1', 'CronJob', undefined],
  ])('of %s %s is %s', (apiVersion, kind, plural) => {
    expect(ownerResource({ apiVersion, kind, name: 'a', uid: 'a' })?.plural).toBe(plural);
  });
});
