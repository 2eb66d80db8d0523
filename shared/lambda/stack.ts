import middy, { type Request } from '@middy/core';
import { ContractError } from '../contracts/parse.ts';
import type { Log } from '../io/ports.ts';
import type { Code } from '../model/reasons.ts';

/** Lambda's context object. */
export type Context = Request['context'];

/** A true AWS event in, a true AWS result out. */
export type LambdaHandler<Result> = (event: unknown, context: Context) => Promise<Result>;

export interface StackOptions<Result> {
  log: Log;
  /** The answer to a fault; without it the invocation fails. */
  answerFault?: (context: Context) => Result;
}

/** A fault as log fields: its code, and the field if the sender broke a contract. */
export const describeFault = (fault: unknown): { code: Code } & Record<string, unknown> =>
  fault instanceof ContractError
    ? { code: fault.code, field: fault.field, problem: fault.message }
    : { code: 'Fault', fault: fault instanceof Error ? fault : String(fault) };

/**
 * The one middy stack around every function: each fault is logged once, then answered or thrown on.
 * Middy's early timeout is off: an answer before the work has ended would leave it running in a frozen function, to
 * write after its claim is dead. Lambda's own timeout ends the process.
 */
export const stack = <Result>(
  run: LambdaHandler<Result>,
  { log, answerFault }: StackOptions<Result>,
): LambdaHandler<Result> =>
  middy<unknown, Result>(run, { timeoutEarlyInMillis: 0 }).onError(({ error, context }) => {
    log.error('the invocation failed', { requestId: context.awsRequestId, ...describeFault(error) });
    return answerFault?.(context);
  });
