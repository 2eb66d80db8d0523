/** A request's body: at most 3 MiB, JSON, YAML or protobuf, as the API server takes it. */
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { badRequest, unsupportedMediaType } from '../api/errors.ts';
import { APPLY_PATCH } from '../api/patch/patch.ts';
import { ApiError } from '../api/types.ts';
import { decodeProtobuf, PROTOBUF } from './protobuf/decode.ts';

const LIMIT_BYTES = 3 * 1024 * 1024;

/** The media type without its parameters; `application/json` if there is none. */
export const contentType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() || 'application/json';

/** Reads to the end even when it is too much: a client that is still writing would not see the answer. */
const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LIMIT_BYTES) chunks.push(chunk);
  }
  if (size > LIMIT_BYTES) {
    throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT_BYTES}`);
  }
  return Buffer.concat(chunks);
};

type Parser = (body: Buffer) => unknown;

/** Most of what comes as YAML is JSON, which is read much faster as what it is. */
const parseYaml: Parser = (body) => {
  const text = body.toString();
  try {
    return JSON.parse(text);
  } catch {
    return parse(text);
  }
};

const parserOf = (type: string): Parser | undefined => {
  if (type === 'application/json' || type.endsWith('+json')) return (body) => JSON.parse(body.toString());
  if (type === 'application/yaml' || type.endsWith('+yaml')) return parseYaml;
  // Since 1.32 kubectl's commands that build an object themselves (`create configmap` ...) send it.
  return type === PROTOBUF ? decodeProtobuf : undefined;
};

const unknownFormat = ({ method }: IncomingMessage) =>
  method === 'PATCH'
    ? unsupportedMediaType('415: Unsupported Media Type', {})
    : unsupportedMediaType(
        'the body of the request was in an unknown format - accepted media types include: ' +
          `application/json, application/yaml, ${PROTOBUF}`,
      );

/** `undefined` for an empty body. Throws an {@link ApiError} 413, 415 or 400. */
export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const body = await readBytes(request);
  if (body.length === 0) return undefined;
  const type = contentType(request);
  const parser = parserOf(type);
  if (!parser) throw unknownFormat(request);
  try {
    return parser(body);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(
      type === APPLY_PATCH
        ? `error decoding YAML: ${message}`
        : `error decoding the ${type} body: ${message}`,
    );
  }
};
