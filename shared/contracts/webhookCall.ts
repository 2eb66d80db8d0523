import { isRecord } from '../model/json.ts';
import { ContractError, object, text } from './parse.ts';

/** A call of the API server as the HTTP API (payload format 2.0) hands it over. */
export interface WebhookCall {
  cluster: string;
  token: string;
  /** What follows `/{cluster}/{token}/`, e.g. `sidecarset/default`. */
  path: string;
  /** Lower-case, without parameters; empty if there is none. */
  contentType: string;
  body: WebhookBody;
}

/** Nothing of it is looked at before one of these is called. Both throw a {@link ContractError} if it is no text. */
export interface WebhookBody {
  /** Size in bytes; base64 is measured without being decoded. */
  bytes(): number;
  /** Decoded, not parsed. */
  text(): string;
}

const mediaType = (headers: unknown): string => {
  const value = isRecord(headers) ? headers['content-type'] : undefined;
  return typeof value === 'string' ? (value.split(';')[0] ?? '').trim().toLowerCase() : '';
};

const bodyOf = (event: Record<string, unknown>): WebhookBody => {
  const raw = (): { body: string; encoding: 'base64' | 'utf8' } => {
    const body = event['body'] ?? '';
    if (typeof body !== 'string') throw new ContractError('body', 'must be a string');
    return { body, encoding: event['isBase64Encoded'] === true ? 'base64' : 'utf8' };
  };
  return {
    bytes() {
      const { body, encoding } = raw();
      return Buffer.byteLength(body, encoding);
    },
    text() {
      const { body, encoding } = raw();
      return encoding === 'base64' ? Buffer.from(body, encoding).toString('utf8') : body;
    },
  };
};

/**
 * Reads an HTTP API event of a route `/{cluster}/{token}/<what>`. The query (`?timeout=10s`) plays no part.
 *
 * @throws {ContractError} when the route has no such parameters
 */
export const parseWebhookCall = (value: unknown): WebhookCall => {
  const event = object(value, 'event');
  const parameters = object(event['pathParameters'], 'pathParameters');
  const [, , , ...path] = text(event['rawPath'], 'rawPath').split('/');
  return {
    cluster: text(parameters['cluster'], 'pathParameters.cluster'),
    token: text(parameters['token'], 'pathParameters.token'),
    path: path.join('/'),
    contentType: mediaType(event['headers']),
    body: bodyOf(event),
  };
};
