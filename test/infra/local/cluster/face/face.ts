/** A face with a real API core behind it, and small clients for it. */
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createAuthority } from '../../../../../infra/local/certificates.ts';
import { createApiServer } from '../../../../../infra/local/cluster/api/server.ts';
import type { ApiRequest, KubeletEndpoint } from '../../../../../infra/local/cluster/api/types.ts';
import { startFace } from '../../../../../infra/local/cluster/face/server.ts';
import { systemClock } from '../../../../../shared/io/clock.ts';
import type { Clock } from '../../../../../shared/io/ports.ts';

export const TOKEN = 'the-token';
export const ADMIN = { username: 'admin', groups: ['system:masters'] };

export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  /** The text as JSON. */
  json(): Record<string, unknown>;
}

export interface Call {
  method?: string;
  /** `null` sends no token. */
  token?: string | null;
  headers?: Record<string, string>;
  /** Sent as it is if it is a string, else as JSON. */
  body?: unknown;
}

export interface Stream {
  status: number;
  /** Complete lines so far. */
  lines: string[];
  /** Resolves with how the connection ended. */
  ended: Promise<'end' | 'cut'>;
  stop(): void;
}

export const startTestFace = async ({
  clock = systemClock,
  kubelet,
}: {
  clock?: Clock;
  kubelet?: KubeletEndpoint;
} = {}) => {
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const api = createApiServer({ clock });
  const tokens = new Map([
    ['another-token', { username: 'other', groups: [] }],
    [TOKEN, ADMIN],
  ]);
  const start = (port: number) => startFace({ api, tls, port, tokens, clock, kubelet: () => kubelet });
  const face = await start(0);
  const agent = new Agent({ ca: authority.ca, keepAlive: true });

  const open = (path: string, { method = 'GET', token = TOKEN, headers = {}, body }: Call) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const auth = token === null ? {} : { authorization: `Bearer ${token}` };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const options = { method, agent, headers: { ...auth, ...type, ...headers } };
      const request = httpsRequest(`${face.url}${path}`, options, resolve);
      request.once('error', reject);
      request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
    });

  return {
    ...face,
    api,
    ca: authority.ca,
    start,
    async call(path: string, call: Call = {}): Promise<Answer> {
      const response = await open(path, call);
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        json: () => JSON.parse(text),
      };
    },
    async stream(path: string, call: Call = {}): Promise<Stream> {
      const response = await open(path, call);
      const lines: string[] = [];
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts);
      });
      const ended = new Promise<'end' | 'cut'>((resolve) => {
        response.once('end', () => resolve('end'));
        response.once('error', () => resolve('cut'));
      });
      return { status: response.statusCode ?? 0, lines, ended, stop: () => response.destroy() };
    },
    /** As the administrator, past HTTP; fails on a refusal. */
    async write(method: ApiRequest['method'], path: string, body: unknown, query?: Record<string, string>) {
      const answer = await api.handle({ method, path, body, query, user: ADMIN });
      if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    async close() {
      agent.destroy();
      await face.close();
    },
  };
};

export type TestFace = Awaited<ReturnType<typeof startTestFace>>;

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const PODS = '/api/v1/namespaces/default/pods';

export const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

/** A pod that is on the node, unless `nodeName` is taken from it. */
export const pod = (name: string, containers = ['main'], nodeName: string | undefined = 'local-node') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { nodeName, containers: containers.map((container) => ({ name: container, image: 'nginx:1' })) },
});

/** A cluster-scoped custom resource `<plural>.example.com`, version v1, that keeps whatever it is given. */
export const definition = (plural: string, additionalPrinterColumns: object[]) => {
  const singular = plural.slice(0, -1);
  const kind = `${singular.charAt(0).toUpperCase()}${singular.slice(1)}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural, singular, kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          additionalPrinterColumns,
        },
      ],
    },
  };
};
