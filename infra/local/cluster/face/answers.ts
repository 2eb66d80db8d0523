/** Answers on the wire. */
import type { ServerResponse } from 'node:http';
import { failure } from '../api/status.ts';
import type { ApiResponse } from '../api/types.ts';

/** RFC 7234 5.5 with the warn-code 299 that Kubernetes uses; the bytes of UTF-8, as a header takes them. */
const warningHeader = (text: string): string => {
  const quoted = text.replace(/["\\]/g, '\\$&');
  return `299 - "${Buffer.from(quoted, 'utf8').toString('latin1')}"`;
};

/** An answer of the API core, or of the face itself. */
export interface Answer extends ApiResponse {
  /** By default `text/plain` for a string, else `application/json`. */
  contentType?: string;
}

export const send = (response: ServerResponse, answer: Answer): void => {
  const { status, body, warnings = [] } = answer;
  const isText = typeof body === 'string';
  const payload = isText ? body : `${JSON.stringify(body)}\n`;
  const usual = isText ? 'text/plain; charset=utf-8' : 'application/json';
  response.setHeader('content-type', answer.contentType ?? usual);
  response.setHeader('content-length', Buffer.byteLength(payload));
  response.setHeader('cache-control', 'no-cache, private');
  if (warnings.length > 0) response.setHeader('warning', warnings.map(warningHeader));
  response.writeHead(status);
  // Bytes: with a text Node would write the headers in UTF-8 too.
  response.end(Buffer.from(payload));
};

/** A fault after the answer has begun can only be shown by cutting it short. */
export const sendFault = (response: ServerResponse, fault: unknown): void => {
  if (response.headersSent) response.destroy();
  else send(response, failure(fault));
};
