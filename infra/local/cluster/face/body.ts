/** A request's body: at most 3 MiB, JSON or YAML, as the API server takes it. */
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { badRequest, unsupportedMediaType } from '../api/errors.ts';
import { ApiError } from '../api/types.ts';

const LIMIT_BYTES = 3 * 1024 * 1024;

/** The media type without its parameters; `application/json` if there is none. */
export const contentType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() || 'application/json';

/** Reads to the end even when it is too much: a client that is still writing would not see the answer. */
const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LIMIT_BYTES) chunks.push(chunk);
  }
  if (size > LIMIT_BYTES) {
    throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT_BYTES}`);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Since 1.32 kubectl's commands that build an object themselves (`create configmap` ...) send protobuf. */
const TAKEN =
  'send JSON or YAML (with kubectl: kubectl create ... --dry-run=client -o yaml | kubectl create -f -)';

const parserOf = (type: string): ((text: string) => unknown) | undefined => {
  if (type === 'application/json' || type.endsWith('+json')) return JSON.parse;
  if (type === 'application/yaml' || type.endsWith('+yaml')) return (text) => parse(text);
  return undefined;
};

/** `undefined` for an empty body. Throws an {@link ApiError} 413, 415 or 400. */
export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const text = await readText(request);
  if (text === '') return undefined;
  const type = contentType(request);
  const parser = parserOf(type);
  if (!parser) throw unsupportedMediaType(`a body in ${type} is not supported: ${TAKEN}`);
  try {
    return parser(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`error decoding the ${type} body: ${message}`);
  }
};
