import { expect, it } from 'vitest';
import { scheduled } from '../../../shared/lambda/scheduled.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { lambdaContext } from '../../support/lambda.ts';

it("hands the schedule's input over", async () => {
  const seen: unknown[] = [];
  const handler = scheduled(async (input) => void seen.push(input), { log: createFakeLog() });
  await handler({ what: 'pods' }, lambdaContext());
  expect(seen).toEqual([{ what: 'pods' }]);
});

it('logs a fault and fails the invocation', async () => {
  const log = createFakeLog();
  const handler = scheduled(() => Promise.reject(new Error('no')), { log });
  await expect(handler({}, lambdaContext())).rejects.toThrow('no');
  expect(log.entries).toMatchObject([{ level: 'error', fields: { code: 'Fault', requestId: 'request-1' } }]);
});
