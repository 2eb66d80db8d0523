/**
 * Cases that hold on every API server. Each names a wrong behaviour that it would catch, and is seen to fail on it: the
 * embedded API server is made to behave so by a sabotage of what goes over the wire, and the case must then fail.
 */
import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PATCH_TYPES, type PatchType } from '../../support/kubernetesApi.ts';
import {
  type Answer,
  type Answered,
  type Event,
  exchange,
  type Json,
  type Output,
  openWatch,
  type Request,
  removeAtEnd,
  runKubectl,
  server,
} from './api.ts';
import { type Review, startWebhook, type Verdict, type Webhook } from './webhook.ts';

/** A wrong API server: what it would do to requests, answers, events, reviews, webhooks' verdicts or kubectl's output. */
export interface Sabotage {
  /** The wrong behaviour as a sentence without a subject: `takes a stale write`. */
  behaviour: string;
  request?(request: Request): Request;
  answer?(answer: Answer, request: Request): Answer;
  /** `undefined` loses it. */
  event?(event: Event): Event | undefined;
  /** `undefined`: the webhook is not asked, which is as good as allowing. */
  review?(review: Review): Review | undefined;
  verdict?(verdict: Verdict): Verdict;
  kubectl?(output: Output): Output;
}

export interface Stream {
  events: Event[];
  /** The first event that has come or comes and fits; rejects after some seconds without one. */
  until(fits: (event: Event) => boolean): Promise<Event>;
  /** `ADDED name` and so on. */
  seen(): string[];
  stop(): void;
}

export type { PatchType };

type Query = Record<string, string>;
type Headers = Record<string, string>;

const PATIENCE = { timeout: 10_000, interval: 20 };

/** Waits until `look` finds something that is not undefined, null or false. */
export const eventually = <T>(look: () => T | Promise<T>) => vi.waitUntil(look, PATIENCE);

const createApi = (wrong?: Sabotage) => {
  const send = async (given: Request): Promise<Answer> => {
    const request = wrong?.request?.(given) ?? given;
    const answer = await exchange(request);
    return wrong?.answer?.(answer, request) ?? answer;
  };
  const sure = async (request: Request): Promise<Answered> => {
    const { status, object } = await send(request);
    expect(status, JSON.stringify(object)).toBeLessThan(300);
    return object;
  };
  const get = (path: string, query: Query = {}, headers: Headers = {}) =>
    send({ method: 'GET', path, query, headers });
  const post = (path: string, body: unknown, query: Query = {}) =>
    send({ method: 'POST', path, query, headers: {}, body });

  return {
    send,
    get,
    post,
    put: (path: string, body: unknown, query: Query = {}) =>
      send({ method: 'PUT', path, query, headers: {}, body }),
    patch: (type: PatchType, path: string, body: unknown, query: Query = {}) =>
      send({ method: 'PATCH', path, query, headers: { 'content-type': PATCH_TYPES[type] }, body }),
    remove: (path: string, body?: unknown, query: Query = {}) =>
      send({ method: 'DELETE', path, query, headers: {}, body }),
    /** The object; fails on an answer that is no success. */
    sureGet: (path: string, query: Query = {}) => sure({ method: 'GET', path, query, headers: {} }),
    /** The object as it was created; fails on an answer that is no success. */
    surePost: (path: string, body: unknown, query: Query = {}) =>
      sure({ method: 'POST', path, query, headers: {}, body }),
    async watch(path: string, query: Query = {}, headers: Headers = {}): Promise<Stream> {
      const events: Event[] = [];
      const given: Request = { method: 'GET', path, query: { watch: 'true', ...query }, headers };
      const stop = await openWatch(wrong?.request?.(given) ?? given, (event) => {
        const passed = wrong?.event ? wrong.event(event) : event;
        if (passed) events.push(passed);
      });
      onTestFinished(stop);
      return {
        events,
        until: async (fits) => eventually(() => events.find(fits)),
        seen: () => events.map(({ type, object }) => `${type} ${object.metadata.name}`),
        stop,
      };
    },
    /** A webhook that is asked about whatever a configuration sends it. */
    webhook: (answer: (review: Review) => Verdict | Promise<Verdict>): Promise<Webhook> =>
      startWebhook(answer, { review: wrong?.review, verdict: wrong?.verdict }),
    async kubectl(args: string[], input?: string | object): Promise<Output> {
      const text = typeof input === 'object' ? JSON.stringify(input) : input;
      const output = await runKubectl(args, text);
      return wrong?.kubectl?.(output) ?? output;
    },
  };
};

export type Api = ReturnType<typeof createApi>;

/** A name that no other test has. */
export const freshName = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

const mustExist = async (request: Request): Promise<void> => {
  const { status, object } = await exchange(request);
  if (status >= 300) throw new Error(`${request.method} ${request.path}: ${JSON.stringify(object)}`);
};

/** A namespace of the test's own, ready to take Pods; deleted afterwards. */
export const freshNamespace = async (labels: Record<string, string> = {}): Promise<string> => {
  const name = freshName('contract');
  const path = `/api/v1/namespaces/${name}`;
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await mustExist({ method: 'POST', path: '/api/v1/namespaces', query: {}, headers: {}, body });
  removeAtEnd(path);
  // A Pod is refused there until its service account exists.
  if (server.kind === 'real') {
    const account: Request = {
      method: 'GET',
      path: `${path}/serviceaccounts/default`,
      query: {},
      headers: {},
    };
    await vi.waitFor(() => mustExist(account), { timeout: 30_000, interval: 20 });
  }
  return name;
};

const isVerdictOfTheCase = (fault: unknown): boolean =>
  fault instanceof Error &&
  (fault.name === 'AssertionError' || fault.message.startsWith('Timed out in waitUntil'));

/**
 * One case. `run` must use the given `api` for what it tests.
 *
 * @param name what is right, as a sentence
 */
export const contract = (name: string, wrong: Sabotage, run: (api: Api) => Promise<void>): void => {
  it(name, () => run(createApi()));
  it.runIf(server.kind === 'embedded')(
    `${name}: fails on a server that ${wrong.behaviour}`,
    async () => {
      const fault: unknown = await run(createApi(wrong)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(fault, 'the case does not notice').toBeDefined();
      if (!isVerdictOfTheCase(fault)) throw fault;
    },
    20_000,
  );
};

export const pod = (name: string, more: { metadata?: Json; spec?: Json } = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more.metadata },
  // Nobody schedules it: it stays Pending.
  spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx:1' }], ...more.spec },
});

export const configMap = (name: string, data: Json = {}, metadata: Json = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const podsIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
export const configMapsIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;
