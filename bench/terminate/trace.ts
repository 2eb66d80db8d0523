/** Notes when the functions of this process do what, beneath the real clients: from the requests that Node makes. */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Traced } from './messages.ts';
import { now, type Stamp, type What } from './stamp.ts';

type Body = Record<string, unknown>;

/** One invocation; `onRequest` sees each request that it makes. */
interface Scope {
  onRequest(request: ClientRequest): void;
}

/** A review whose event was put on the bus. Its body is read when the figures are: that takes time of its own. */
interface Review {
  body: string;
  stamps: [What, number][];
}

/** Carries the moment from the gateway's server to the function. */
const RECEIVED = 'x-bench-received';
const POD_PATH = /^\/api\/v1\/namespaces\/[^/]+\/pods\/([^/?]+)(\/[a-z]+)?/;

const scopes = new AsyncLocalStorage<Scope>();
let reviews: Review[] = [];
let stamps: Stamp[] = [];
let execs: Record<string, number> = {};
let runs = 0;
let cpu = process.cpuUsage();

diagnostics.subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  request.headers[RECEIVED] = String(now());
});
diagnostics.subscribe('http.client.request.created', (message) => {
  scopes.getStore()?.onRequest((message as { request: ClientRequest }).request);
});

const onAnswer = (request: ClientRequest, action: () => void): void => {
  request.once('response', (response: IncomingMessage) => void response.once('end', action));
};

/** @param event of the HTTP API */
export const inReview = async <T>(event: unknown, work: () => Promise<T>): Promise<T> => {
  const { headers, body } = event as { headers: Record<string, string>; body: string };
  const review: Review = {
    body,
    stamps: [
      ['received', Number(headers[RECEIVED])],
      ['observed', now()],
    ],
  };
  let isSent = false;
  const onRequest = (request: ClientRequest): void => {
    // A further request repeats the first, whose kept connection was closed meanwhile.
    if (!isSent) {
      reviews.push(review);
      review.stamps.push(['put', now()]);
    }
    isSent = true;
    onAnswer(request, () => review.stamps.push(['taken', now()]));
  };
  return scopes.run({ onRequest }, work);
};

const noteExec = (request: ClientRequest, note: (what: What) => void): void => {
  request.once('socket', (socket) => socket.once('secureConnect', () => note('secured')));
  request.once('upgrade', () => note('opened'));
};

/** @param event of the queue */
export const inRun = async <T>(event: unknown, work: () => Promise<T>): Promise<T> => {
  const invoked = now();
  const run = ++runs;
  for (const { body, attributes } of (event as { Records: { body: string; attributes: Body }[] }).Records) {
    const { name } = JSON.parse(body).detail.ref;
    const waited = Date.now() - Number(attributes['SentTimestamp']);
    stamps.push(
      { name, what: 'queued', at: invoked - waited, run },
      { name, what: 'invoked', at: invoked, run },
    );
  }
  const onRequest = (request: ClientRequest): void => {
    const [, name = '', subresource] = POD_PATH.exec(request.path) ?? [];
    if (name === '') return;
    const note = (what: What): void => void stamps.push({ name, what, at: now(), run });
    if (subresource === '/exec') {
      execs[name] = (execs[name] ?? 0) + 1;
      noteExec(request, note);
    } else onAnswer(request, () => note(request.method === 'GET' ? 'read' : 'recorded'));
  };
  return scopes.run({ onRequest }, work);
};

const stampsOf = ({ body, stamps: own }: Review): Stamp[] => {
  const { object, oldObject } = JSON.parse(body).request;
  const { name } = (object ?? oldObject).metadata;
  return own.map(([what, at]) => ({ name, what, at }));
};

/** Since the last call. */
export const takeTrace = (): Traced => {
  const { user, system } = process.cpuUsage(cpu);
  const cpuMilliseconds = (user + system) / 1000;
  const traced = { stamps: [...reviews.flatMap(stampsOf), ...stamps], execs, cpuMilliseconds };
  [reviews, stamps, execs, cpu] = [[], [], {}, process.cpuUsage()];
  return traced;
};
