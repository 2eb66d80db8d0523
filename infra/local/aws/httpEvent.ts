/** Between HTTP and the HTTP API's payload format 2.0. */

import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isRecord } from '../../../shared/model/json.ts';
import type { Reply } from './listen.ts';
import type { Route } from './wiring/types.ts';

export interface HttpCall {
  request: IncomingMessage;
  body: Buffer;
  route: Route;
  pathParameters: Record<string, string>;
  requestId: string;
  time: Date;
  accountId: string;
}

const API_ID = 'local';
const TEXT = /^(text\/|application\/(.+\+)?(json|xml|javascript)\b)/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Nov/2026:09:05:07 +0000`, as access logs have it. */
const logTime = (time: Date): string => {
  const [date = '', clock = ''] = time.toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
};

/** Lower-case names, several values joined by commas; cookies travel on their own. */
const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'cookie')
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );

const queryOf = (query: string): Record<string, string> | undefined => {
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name).join(',')]));
};

export const splitUrl = (url: string): { path: string; query: string } => {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
};

const bodyOf = (body: Buffer, contentType: string): { body?: string; isBase64Encoded: boolean } => {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = contentType === '' || TEXT.test(contentType);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
};

/** The event of a function behind a route of an HTTP API (stage `$default`). */
export const httpEvent = ({
  request,
  body,
  route,
  pathParameters,
  requestId,
  time,
  accountId,
}: HttpCall): APIGatewayProxyEventV2 => {
  const { path, query } = splitUrl(request.url ?? '/');
  const headers = headersOf(request);
  const method = request.method ?? 'GET';
  const routeKey = `${route.method} ${route.path}`;
  const cookies = request.headers.cookie?.split('; ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers,
    queryStringParameters: queryOf(query),
    requestContext: {
      accountId,
      apiId: API_ID,
      domainName: headers['host'] ?? '',
      domainPrefix: API_ID,
      http: {
        method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: logTime(time),
      timeEpoch: time.getTime(),
    },
    pathParameters,
    ...bodyOf(body, headers['content-type'] ?? ''),
  };
};

/** An answer of the gateway itself. */
export const message = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

/** What a function's result becomes; one without a `statusCode` is the body of a 200. */
export const httpReply = (result: unknown): Reply => {
  if (!isRecord(result) || result['statusCode'] === undefined) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result ?? null),
    };
  }
  const { statusCode, headers, cookies, body = '', isBase64Encoded } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== 'string') {
    return message(500, 'Internal Server Error');
  }
  const lowered = Object.entries(isRecord(headers) ? headers : {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(lowered),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
};
