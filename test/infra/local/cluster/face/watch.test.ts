import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeClock, fakeClock } from '../controllers/objects.ts';
import { CONFIG_MAPS, configMap, startTestFace, TABLE, type TestFace } from './face.ts';

let clock: FakeClock;
let face: TestFace;
beforeEach(async () => {
  clock = fakeClock();
  face = await startTestFace({ clock });
  await face.write('POST', CONFIG_MAPS, configMap('one'));
});
afterEach(() => face.close());

const change = (data: Record<string, string>) =>
  face.write('PUT', `${CONFIG_MAPS}/one`, configMap('one', data));

const events = (lines: string[]) =>
  lines.map((line) => JSON.parse(line) as { type: string; object: Record<string, unknown> });

describe('a watch', () => {
  it('streams what exists and then every change, a line each', async () => {
    const stream = await face.stream(`${CONFIG_MAPS}?watch=1&fieldSelector=metadata.name%3Done`);
    await vi.waitFor(() => expect(stream.lines).toHaveLength(1));
    await change({ a: '1' });
    await face.write('DELETE', `${CONFIG_MAPS}/one`, undefined);
    await vi.waitFor(() => expect(stream.lines).toHaveLength(3));
    expect(events(stream.lines)).toMatchObject([
      { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'one' } } },
      { type: 'MODIFIED', object: { data: { a: '1' } } },
      { type: 'DELETED', object: { data: { a: '1' } } },
    ]);
    stream.stop();
  });

  it('sends tables if the client prefers them, with the columns in the first one only', async () => {
    const path = `${CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Done`;
    const stream = await face.stream(path, { headers: { accept: `${TABLE},application/json` } });
    await change({ a: '1' });
    await vi.waitFor(() => expect(stream.lines).toHaveLength(2));
    const [first, second] = events(stream.lines);
    expect(first).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ cells: ['one', 0, '0s'] }] },
    });
    expect(first?.object['columnDefinitions']).toHaveLength(3);
    expect(second).toMatchObject({ type: 'MODIFIED', object: { rows: [{ cells: ['one', 1, '0s'] }] } });
    expect(second?.object).not.toHaveProperty('columnDefinitions');
    stream.stop();
  });

  it('begins with its headers even if nothing happens', async () => {
    const stream = await face.stream('/api/v1/namespaces/none/pods?watch=true');
    expect([stream.status, stream.lines]).toEqual([200, []]);
    stream.stop();
  });

  it('ends cleanly after its timeoutSeconds', async () => {
    const stream = await face.stream(`${CONFIG_MAPS}?watch=true&timeoutSeconds=30`);
    clock.pass(30_000);
    expect(await stream.ended).toBe('end');
  });

  it('waits a day at most, however long it may last', async () => {
    const stream = await face.stream(`${CONFIG_MAPS}?watch=true&timeoutSeconds=99999999`);
    expect(clock.waits()).toEqual([24 * 60 * 60 * 1000]);
    stream.stop();
  });

  it('sends a bookmark of what was seen each minute if the client allows it', async () => {
    const path = `${CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Done`;
    const [with_, without] = [await face.stream(`${path}&allowWatchBookmarks=true`), await face.stream(path)];
    clock.pass(60_000);
    clock.pass(60_000);
    await vi.waitFor(() => expect(with_.lines).toHaveLength(4));
    const [added, , bookmark] = events(with_.lines);
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: {
          resourceVersion: (added?.object['metadata'] as { resourceVersion: string }).resourceVersion,
        },
      },
    });
    expect(without.lines).toHaveLength(1);
    with_.stop();
    without.stop();
  });

  it('leaves no timer behind when the client goes', async () => {
    const before = clock.waits().length;
    const stream = await face.stream(`${CONFIG_MAPS}?watch=true&timeoutSeconds=30&allowWatchBookmarks=true`);
    expect(clock.waits().length).toBe(before + 2);
    stream.stop();
    await vi.waitFor(() => expect(clock.waits().length).toBe(before));
  });

  it.each([
    ['a version that is not a number', 'resourceVersion=x', 500],
    ['a timeout that is not a number', 'timeoutSeconds=soon', 400],
    ['a selector that can not be read', 'labelSelector=%3D%3D', 400],
  ])('is refused for %s', async (_name, query, code) => {
    const answer = await face.call(`${CONFIG_MAPS}?watch=true&${query}`);
    expect([answer.status, answer.json()]).toMatchObject([code, { kind: 'Status' }]);
  });
});
