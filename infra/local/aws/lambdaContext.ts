import type { Context } from 'aws-lambda';
import type { FunctionWiring, Wiring } from './wiring/types.ts';

/** The context object that Lambda gives a Node handler (without the callbacks that Node 24 no longer has). */
export type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

export const functionArn = ({ functionName }: FunctionWiring, { region, accountId }: Wiring): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;

export const lambdaContext = (
  wiring: FunctionWiring,
  invokedFunctionArn: string,
  awsRequestId: string,
  remaining: () => number,
): LambdaContext => ({
  awsRequestId,
  functionName: wiring.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn,
  memoryLimitInMB: String(wiring.memoryMegabytes),
  logGroupName: `/aws/lambda/${wiring.functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, remaining()),
});
