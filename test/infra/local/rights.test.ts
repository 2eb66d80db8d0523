/** The shipped rights hold on the embedded cluster as they do on a real one (`test/cluster/rights`). */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCluster } from '../../../infra/local/cluster/cluster.ts';
import { createLog } from '../../../shared/io/log.ts';
import type { Status } from '../../../shared/model/kubernetes.ts';
import { attempt, layBait, NAMESPACE } from '../../cluster/rights/bait.ts';
import { REFUSALS } from '../../cluster/rights/refusals.ts';
import { type Setting, startSetting } from '../../cluster/rights/setting.ts';

let setting: Setting;

beforeAll(async () => {
  setting = await startSetting([NAMESPACE], async ({ directory, users }) => {
    const sink = join(directory, 'sink');
    await mkdir(sink);
    const log = createLog({ function: 'rights', level: 'ERROR', write: console.error });
    return startCluster({ directory, sink, users, log, onFact: () => undefined });
  });
  await layBait(setting);
}, 60_000);

afterAll(() => setting?.stop());

it.each(REFUSALS)('$who is refused when it $does', async ({ who, request, says, status }) => {
  const answer = await attempt(setting.access[who], request, { dryRun: false });
  expect([answer.status, (answer.body as Status).message]).toEqual([status, expect.stringContaining(says)]);
});
