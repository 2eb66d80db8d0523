import type { Context } from '../../shared/lambda/stack.ts';

const none = () => undefined;

/** A Lambda context with that much time left. */
export const lambdaContext = (remainingMilliseconds = 10_000): Context => ({
  awsRequestId: 'request-1',
  functionName: 'f',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:f',
  memoryLimitInMB: '128',
  logGroupName: 'g',
  logStreamName: 's',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => remainingMilliseconds,
  done: none,
  fail: none,
  succeed: none,
});
