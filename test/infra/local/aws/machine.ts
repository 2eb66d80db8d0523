/** A local AWS for tests: the fixture's wiring, a clock that only the test moves, a client for its gateway. */
import { request } from 'node:https';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { type Aws, type AwsOptions, startAws } from '../../../../infra/local/aws/aws.ts';
import type { InvocationRecord } from '../../../../infra/local/aws/host.ts';
import { readWiring } from '../../../../infra/local/aws/wiring.ts';
import { createAuthority } from '../../../../infra/local/certificates.ts';
import type { ClusterEvent } from '../../../../shared/model/event.ts';
import { createFakeLog, type FakeLog } from '../../../support/fakes.ts';
import { createMovingClock, type MovingClock } from '../../../support/movingClock.ts';
import { received } from './fixture/received.ts';

const FILE = 'test/infra/local/aws/fixture/serverless.yml';

export const wiring = () => readWiring({ file: FILE, parameters: {}, stage: 'test' });

export const event = (name: string, calls: ClusterEvent['calls'] = ['launch']): ClusterEvent => ({
  v: 1,
  cluster: 'local',
  ref: { kind: 'Pod', namespace: 'default', name },
  sets: [],
  calls,
  hops: 1,
  looks: 0,
  at: '2026-03-01T12:00:00Z',
});

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

export interface Call {
  method?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

export interface Machine {
  clock: MovingClock;
  log: FakeLog;
  /** Every finished invocation. */
  invocations: InvocationRecord[];
  /** What `startAws` needs, with changes. */
  options(change?: Partial<AwsOptions>): AwsOptions;
  /** Stopped after the test. */
  start(change?: Partial<AwsOptions>): Promise<Aws>;
  /** POST, unless it says otherwise. */
  call(path: string, call?: Call): Promise<Answer>;
}

/** A fresh one for each test of the file. */
export const useMachine = (): Machine => {
  let tls = { ca: '', key: '', cert: '' };
  let aws: Aws | undefined;
  const machine: Machine = {
    clock: createMovingClock(),
    log: createFakeLog(),
    invocations: [],
    options: (change) => ({
      wiring: wiring(),
      tls,
      clock: machine.clock,
      log: machine.log,
      onInvocation: (record) => machine.invocations.push(record),
      ...change,
    }),
    async start(change) {
      aws = await startAws(machine.options(change));
      return aws;
    },
    call: (path, { method = 'POST', body = '', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const options = { method, ca: tls.ca, headers: { 'content-type': 'application/json', ...headers } };
        request(`${aws?.gatewayUrl}${path}`, { ...options, agent: false }, async (response) => {
          response.setEncoding('utf8');
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        })
          .on('error', reject)
          .end(body);
      }),
  };
  beforeAll(async () => {
    const { ca, issue } = await createAuthority();
    tls = { ca, ...(await issue('localhost', ['127.0.0.1'])) };
  });
  beforeEach(() => {
    machine.clock = createMovingClock();
    machine.log = createFakeLog();
    machine.invocations = [];
    received().length = 0;
  });
  afterEach(async () => {
    await aws?.stop();
    aws = undefined;
  });
  return machine;
};
