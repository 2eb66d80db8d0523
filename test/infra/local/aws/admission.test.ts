/** The endpoint as an API server meets it: the functions of serverless.yml behind the gateway. */

import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../../infra/identities.ts';
import { type Aws, startAws } from '../../../../infra/local/aws/aws.ts';
import { readWiring } from '../../../../infra/local/aws/wiring.ts';
import { createAuthority } from '../../../../infra/local/certificates.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import { createFakeLog } from '../../../support/fakes.ts';
import { createMovingClock } from '../../../support/movingClock.ts';
import { reviewOf } from '../../../support/reviews.ts';

const MEBIBYTE = 1024 * 1024;

const parameters = {
  cluster: 'c1',
  clusterEndpoint: 'https://127.0.0.1:1',
  ...Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, 't'])),
  pathTokens: 'current,previous',
};

const created = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [] },
};
const review = (change: Record<string, unknown> = {}) => ({
  ...reviewOf(PODS, { uid: 'u1', dryRun: true, object: created }),
  ...change,
});

const conversion = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'ConversionReview',
  request: { uid: 'u1', desiredAPIVersion: 'apps.kruise.io/v1beta1', objects: [] },
};

describe('the endpoint', () => {
  let aws: Aws;
  let ca: string;
  beforeAll(async () => {
    const authority = await createAuthority();
    ca = authority.ca;
    const clusterCa = Buffer.from(ca).toString('base64');
    aws = await startAws({
      wiring: readWiring({ file: 'serverless.yml', stage: 'test', parameters: { ...parameters, clusterCa } }),
      tls: await authority.issue('localhost', ['127.0.0.1']),
      clock: createMovingClock(),
      log: createFakeLog(),
      without: ['launch', 'terminate', 'rollout', 'resync'],
      logLevel: 'ERROR',
    });
  });
  afterAll(() => aws.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      request(`${aws.gatewayUrl}${path}`, {
        method: 'POST',
        ca,
        agent: false,
        headers: { 'content-type': 'application/json', ...headers },
      })
        .on('error', reject)
        .on('response', (response) =>
          text(response).then((answer) => resolve({ status: response.statusCode, body: answer }), reject),
        )
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    });

  it.each<[string, string, unknown]>([
    ['the current token', '/c1/current/observe', review()],
    ['the previous token', '/c1/previous/observe', review()],
    ["the API server's timeout in the query", '/c1/current/observe?timeout=5s', review()],
    ['a ConversionReview', '/c1/current/sidecarset/convert?timeout=30s', conversion],
  ])('takes %s', async (_, path, body) => {
    const answer = await post(path, body);
    expect([answer.status, JSON.parse(answer.body).response.uid]).toEqual([200, 'u1']);
  });

  it.each<[string, string, unknown, number, string]>([
    ['a wrong token', '/c1/wrong/observe', review(), 403, ''],
    ['a wrong token with no JSON', '/c1/wrong/observe', 'no JSON', 403, ''],
    ['another cluster', '/c2/current/observe', review(), 404, 'this cluster is not served here'],
    ['another path', '/c1/current/elsewhere', review(), 404, 'Not Found'],
    [
      'an AdmissionReview of v1beta1',
      '/c1/current/observe',
      review({ apiVersion: 'admission.k8s.io/v1beta1' }),
      400,
      'apiVersion: must be admission.k8s.io/v1',
    ],
    ['another kind', '/c1/current/inject', review({ kind: 'Pod' }), 400, 'kind: must be AdmissionReview'],
    [
      'a ConversionReview for a verdict',
      '/c1/current/sidecarset/validate',
      conversion,
      400,
      'apiVersion: must be admission.k8s.io/v1',
    ],
    [
      'an AdmissionReview to be converted',
      '/c1/current/sidecarset/convert',
      review(),
      400,
      'apiVersion: must be apiextensions.k8s.io/v1',
    ],
    ['a body without a review', '/c1/current/inject', [], 400, 'body: must be an object'],
    ['a body above 4 MB', '/c1/current/inject', ' '.repeat(4 * MEBIBYTE + 1), 413, 'the body must not be'],
  ])('refuses %s', async (_, path, body, status, message) => {
    const answer = await post(path, body);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(message)]);
    if (message === '') expect(answer.body).toBe('');
  });

  it('refuses another content type', async () => {
    const answer = await post('/c1/current/observe', review(), { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({ status: 415 });
  });

  it('stops reading a body that does not end, answers, and hangs up', async () => {
    const offered = 64 * MEBIBYTE;
    const chunk = Buffer.alloc(MEBIBYTE, ' ');
    let sent = 0;
    const call = request(`${aws.gatewayUrl}/c1/current/observe`, { method: 'POST', ca, agent: false });
    const closed = new Promise<void>((resolve) => void call.on('close', () => resolve()));
    const answered = new Promise<number | undefined>((resolve, reject) => {
      let status: number | undefined;
      call.on('response', (response) => {
        status = response.statusCode;
        response.resume();
      });
      call.on('error', () => (status === undefined ? reject(new Error('no answer')) : undefined));
      void closed.then(() => resolve(status));
    });
    const offer = (): void => {
      while (sent < offered) {
        sent += chunk.length;
        if (!call.write(chunk)) return void call.once('drain', offer);
      }
      call.end();
    };
    offer();
    expect(await answered).toBe(413);
    expect(sent).toBeLessThan(offered / 2);
  });
});
