import { describe, expect, it, vi } from 'vitest';
import { useMachine } from './machine.ts';

const machine = useMachine();

describe('gateway', () => {
  it('hands a request over as an HTTP API event and the answer back', async () => {
    await machine.start();
    const answer = await machine.call('/c1/s%2Fecret/echo?timeout=10s&a=1&a=2', {
      body: '{"x":1}',
      headers: {
        'X-Mixed-Case': 'y',
      },
    });
    expect([answer.status, answer.headers['x-own'], answer.headers['content-type']]).toEqual([
      201,
      'yes',
      'application/json',
    ]);
    const { event: seen } = JSON.parse(answer.text);
    expect(seen).toMatchObject({
      version: '2.0',
      routeKey: 'POST /{cluster}/{token}/echo',
      rawPath: '/c1/s%2Fecret/echo',
      rawQueryString: 'timeout=10s&a=1&a=2',
      pathParameters: { cluster: 'c1', token: 's/ecret' },
      queryStringParameters: { timeout: '10s', a: '1,2' },
      body: '{"x":1}',
      isBase64Encoded: false,
      requestContext: { stage: '$default', http: { method: 'POST' }, time: '01/Mar/2026:12:00:00 +0000' },
    });
    expect(seen.headers).toMatchObject({ 'x-mixed-case': 'y', 'content-type': 'application/json' });
  });

  it('encodes a body that is no text', async () => {
    await machine.start();
    const answer = await machine.call('/c1/t/echo', {
      body: Buffer.from([0, 255]),
      headers: {
        'content-type': 'image/png',
      },
    });
    expect(JSON.parse(answer.text).event).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('gives the handler a true context', async () => {
    await machine.start();
    const { context } = JSON.parse((await machine.call('/c1/t/x', { method: 'GET' })).text);
    expect(context).toMatchObject({
      functionName: 'fixture-test-echo',
      memoryLimitInMB: '256',
      remaining: 2000,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture-test-echo',
    });
    expect(context.awsRequestId).toBe(machine.invocations[0]?.requestId);
  });

  it.each<[string, string, string, string, number, string]>([
    ['a path of no route', 'POST', '/c1/t/none/at/all', '', 404, '{"message":"Not Found"}'],
    ['a method of no route', 'PUT', '/c1/t/echo', '', 404, '{"message":"Not Found"}'],
    ['an empty path parameter', 'POST', '/c1//echo', '', 404, '{"message":"Not Found"}'],
    [
      'a handler that throws',
      'POST',
      '/c1/t/echo',
      '{"do":"throw"}',
      500,
      '{"message":"Internal Server Error"}',
    ],
    [
      'an answer with a broken status',
      'POST',
      '/c1/t/echo',
      '{"do":"broken"}',
      500,
      '{"message":"Internal Server Error"}',
    ],
    ['an answer without a status', 'POST', '/c1/t/echo', '{"do":"plain"}', 200, '{"plain":true}'],
    [
      'a body above 10 MB',
      'POST',
      '/c1/t/echo',
      ' '.repeat(10 * 1024 * 1024 + 1),
      413,
      '{"message":"Request Entity Too Large"}',
    ],
  ])('answers %s', async (_, method, path, body, status, text) => {
    await machine.start();
    expect(await machine.call(path, { method, body })).toMatchObject({ status, text });
  });

  it('fails a handler that does not end by its timeout', async () => {
    await machine.start();
    const answer = machine.call('/c1/t/echo', { body: '{"do":"hang"}' });
    await vi.waitFor(() => expect(machine.clock.waiting()).toBe(2));
    machine.clock.advance(2_000);
    expect(await answer).toMatchObject({ status: 500 });
    expect(machine.invocations).toMatchObject([
      {
        function: 'echo',
        trigger: 'route',
        outcome: 'timed out',
        fault: 'Task timed out after 2.00 seconds',
        milliseconds: 2000,
      },
    ]);
  });
});
