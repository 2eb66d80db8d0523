import { beforeEach, describe, expect, it } from 'vitest';
import { ContractError } from '../../../shared/contracts/parse.ts';
import { type Answer, admission } from '../../../shared/lambda/admission.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { lambdaContext } from '../../support/lambda.ts';

const CURRENT = 'current-token';
const PREVIOUS = 'previous-token';

const event = (change: Record<string, unknown> = {}, { cluster = 'c1', token = CURRENT } = {}) => ({
  version: '2.0',
  rawPath: `/${cluster}/${token}/sidecarset/validate`,
  rawQueryString: 'timeout=10s',
  headers: { 'content-type': 'application/json' },
  pathParameters: { cluster, token },
  body: '{"a":1}',
  isBase64Encoded: false,
  ...change,
});

describe('the admission shell', () => {
  let log: FakeLog;
  let asked: unknown[];
  beforeEach(() => {
    log = createFakeLog();
    asked = [];
  });

  const call = async (given: unknown, answer?: Answer) => {
    const echo: Answer = async (body, path) => {
      asked.push({ body, path });
      return { seen: body };
    };
    const handler = admission(answer ?? echo, { tokens: [CURRENT, PREVIOUS], cluster: 'c1', log });
    const { body, ...rest } = await handler(given, lambdaContext());
    return { ...rest, body: body === '' ? '' : JSON.parse(body) };
  };

  it('answers with JSON what it was told, and tells the path below the token', async () => {
    expect(await call(event())).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: { seen: { a: 1 } },
    });
    expect(asked).toEqual([{ body: { a: 1 }, path: 'sidecarset/validate' }]);
  });

  it.each<[string, unknown]>([
    ['the previous token', event({}, { token: PREVIOUS })],
    [
      'a content type with parameters',
      event({ headers: { 'content-type': 'Application/JSON; charset=utf-8' } }),
    ],
    ['a body in base64', event({ body: Buffer.from('{"a":1}').toString('base64'), isBase64Encoded: true })],
  ])('takes %s', async (_, given) => {
    expect(await call(given)).toMatchObject({ statusCode: 200, body: { seen: { a: 1 } } });
  });

  it.each<[string, unknown, number, string]>([
    ['another cluster', event({}, { cluster: 'c2' }), 404, 'this cluster is not served here'],
    ['a route without parameters', event({ pathParameters: undefined }), 404, 'no such path'],
    ['no content type', event({ headers: {} }), 415, 'the content type must be application/json'],
    [
      'another content type',
      event({ headers: { 'content-type': 'text/plain' } }),
      415,
      'the content type must be application/json',
    ],
    [
      'a body above 4 MB',
      event({ body: `"${'a'.repeat(4 * 1024 * 1024)}"` }),
      413,
      'the body must not be larger than 4194304 bytes',
    ],
    [
      'a body above 4 MB in base64, without decoding it',
      event({ body: '!'.repeat((4 * 1024 * 1024 * 4) / 3 + 4), isBase64Encoded: true }),
      413,
      'the body must not be larger than 4194304 bytes',
    ],
    ['a body that is no text', event({ body: { a: 1 } }), 400, 'body: must be a string'],
    ['no JSON', event({ body: '{"password":"hunter2"' }), 400, 'body: is not JSON'],
    ['no body', event({ body: undefined }), 400, 'body: is not JSON'],
  ])('refuses %s', async (_, given, statusCode, message) => {
    expect(await call(given)).toMatchObject({
      statusCode,
      headers: { 'content-type': 'application/json' },
      body: { message },
    });
    expect(asked).toEqual([]);
    expect(log.entries).toMatchObject([
      { level: 'warn', fields: { status: statusCode, requestId: 'request-1' } },
    ]);
  });

  it.each<[string, unknown]>([
    ['a wrong token', event({}, { token: 'wrong' })],
    ['a wrong token, whatever the cluster', event({}, { token: 'wrong', cluster: 'c2' })],
    ['a wrong token, whatever the content type', event({ headers: {} }, { token: 'wrong' })],
    ['a beginning of the token', event({}, { token: CURRENT.slice(0, -1) })],
    ['both tokens as the configuration lists them', event({}, { token: `${CURRENT},${PREVIOUS}` })],
  ])('refuses %s with an empty 403, without reading the body', async (_, given) => {
    const unread = Object.defineProperty(given, 'body', {
      get: () => {
        throw new Error('the body was read');
      },
    });
    expect(await call(unread)).toEqual({ statusCode: 403, headers: {}, body: '' });
    expect(asked).toEqual([]);
    expect(log.entries).toMatchObject([
      { level: 'warn', fields: { status: 403, requestId: 'request-1', reason: 'forbidden' } },
    ]);
  });

  it('takes a body of exactly 4 MB', async () => {
    const body = `"${'a'.repeat(4 * 1024 * 1024 - 2)}"`;
    expect(await call(event({ body }))).toMatchObject({ statusCode: 200 });
  });

  it('answers 400 with the field when the function finds the contract broken', async () => {
    const answer = () => Promise.reject(new ContractError('request.uid', 'must be a non-empty string'));
    expect(await call(event(), answer)).toMatchObject({
      statusCode: 400,
      body: { message: 'request.uid: must be a non-empty string' },
    });
  });

  it('answers a fault with 500 and no internals, and logs the cause', async () => {
    const fault = new Error('GET /api/v1/secrets: refused');
    const answer = await call(event(), () => Promise.reject(fault));
    expect(answer).toMatchObject({ statusCode: 500, body: { message: 'internal fault, request request-1' } });
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { code: 'Fault', fault, requestId: 'request-1' } },
    ]);
  });

  it.each<[string, unknown, Answer | undefined]>([
    ['an answer', event(), undefined],
    ['a refusal', event({}, { token: 'wrong-token' }), undefined],
    ['a fault', event(), () => Promise.reject(new Error('no'))],
  ])('writes no token to the log with %s', async (_, given, answer) => {
    await call(given, answer);
    expect(JSON.stringify(log.entries)).not.toMatch(/-token/);
  });
});
