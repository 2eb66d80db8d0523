/** `pods/log`: what a container has written, as plain text. */
import { methodNotAllowed, notImplemented } from '../api/errors.ts';
import { send } from './answers.ts';
import { type Backend, type Exchange, isSet, numberOf, requestOf } from './exchange.ts';
import { type PodPath, resolveTarget } from './podTarget.ts';

const FLAGS = ['timestamps'];
const VALUES = ['sinceSeconds', 'sinceTime', 'limitBytes', 'stream'];

const refuseUnsupported = (query: URLSearchParams): void => {
  const asked = [...FLAGS.filter((name) => isSet(query, name)), ...VALUES.filter((name) => query.get(name))];
  if (asked.length > 0) throw notImplemented(`log option ${asked.join(', ')} is`);
};

/**
 * Streams the log. The answer begins with the first text, so that a refusal of the node is still a Status; with
 * `follow` it lasts until the container ends or the reader is gone.
 */
export const streamLogs = async (backend: Backend, exchange: Exchange, path: PodPath): Promise<void> => {
  const { request, response, query } = exchange;
  await backend.api.connect(requestOf(exchange));
  if (request.method !== 'GET') throw methodNotAllowed();
  refuseUnsupported(query);
  const { kubelet, key, container } = await resolveTarget(backend, exchange, path);
  const reader = new AbortController();
  response.once('close', () => reader.abort());
  const options = {
    follow: isSet(query, 'follow'),
    previous: isSet(query, 'previous'),
    tailLines: numberOf(query, 'tailLines'),
    signal: reader.signal,
  };
  for await (const text of kubelet.logs(key, container, options)) {
    if (reader.signal.aborted) return;
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.write(text);
  }
  if (response.headersSent) response.end();
  else send(response, { status: 200, body: '' });
};
