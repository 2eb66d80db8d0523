import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiError, type KubeletEndpoint } from '../../../../../infra/local/cluster/api/types.ts';
import { PODS, pod, startTestFace, type TestFace, TOKEN } from './face.ts';

const kubelet: KubeletEndpoint = {
  async *logs() {},
  async exec({ name }, container, [program, ...words]) {
    if (program === 'missing') throw new ApiError(400, 'BadRequest', `${program}: no such program`);
    const exitCode = program === 'fail' ? 3 : 0;
    return { exitCode, stdout: `${name}/${container}: ${words.join(' ')}`, stderr: 'noise' };
  },
};

let face: TestFace;
beforeAll(async () => {
  face = await startTestFace({ kubelet });
  await face.write('POST', PODS, pod('web'));
});
afterAll(() => face.close());

interface Session {
  protocol: string;
  code: number;
  stdout: string;
  stderr: string;
  status: Record<string, unknown>;
}

interface Options {
  protocols?: string[];
  headers?: Record<string, string>;
}

const V5 = 'v5.channel.k8s.io';
const BEARER = { authorization: `Bearer ${TOKEN}` };

const connect = (path: string, { protocols = [V5], headers = BEARER }: Options = {}): WebSocket =>
  new WebSocket(`${face.url.replace('https', 'wss')}${PODS}/${path}`, protocols, { ca: face.ca, headers });

const run = (path: string, options?: Options): Promise<Session> =>
  new Promise((resolve, reject) => {
    const socket = connect(path, options);
    const channels = ['', '', '', ''];
    socket.on('message', (frame: Buffer) => {
      channels[frame[0] ?? 0] += frame.subarray(1).toString();
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      const [, stdout = '', stderr = '', error = ''] = channels;
      resolve({ protocol: socket.protocol, code, stdout, stderr, status: JSON.parse(error) });
    });
  });

const refusal = (path: string, options?: Options): Promise<{ status?: number; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = connect(path, options);
    socket.on('open', () => reject(new Error('was not refused')));
    socket.on('error', reject);
    socket.on('unexpected-response', async (_request, response: IncomingMessage) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      resolve({ status: response.statusCode, body });
    });
  });

const EXEC = 'web/exec?stdout=true&stderr=true&command=say&command=hello&command=you';

describe('pods/exec', () => {
  it.each([V5, 'v4.channel.k8s.io'])('brings output and end over %s', async (protocol) => {
    expect(await run(EXEC, { protocols: [protocol] })).toEqual({
      protocol,
      code: 1000,
      stdout: 'web/main: hello you',
      stderr: 'noise',
      status: { metadata: {}, status: 'Success' },
    });
  });

  it('sends only the streams that are asked for', async () => {
    const { stdout, stderr } = await run('web/exec?stderr=true&command=say');
    expect([stdout, stderr]).toEqual(['', 'noise']);
  });

  it('names the exit status of a command that failed', async () => {
    const { status } = await run('web/exec?stdout=true&container=main&command=fail');
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });

  it('says on the error channel why the node did not run the command', async () => {
    const { status } = await run('web/exec?stdout=true&command=missing');
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'BadRequest',
      message: 'missing: no such program',
    });
  });

  it('takes the token as a subprotocol and does not choose it', async () => {
    const token = `base64url.bearer.authorization.k8s.io.${Buffer.from(TOKEN).toString('base64url')}`;
    expect((await run(EXEC, { protocols: [token, V5], headers: {} })).protocol).toBe(V5);
  });

  it.each<[string, string, Options, number, string]>([
    ['without a token', EXEC, { headers: {} }, 401, 'Unauthorized'],
    ['for a pod that is not there', 'none/exec?stdout=1&command=ls', {}, 404, 'pods \\"none\\" not found'],
    ['for a container that is not there', `${EXEC}&container=x`, {}, 400, 'container x is not valid'],
    ['with standard input', `${EXEC}&stdin=true`, {}, 501, 'stdin is not supported'],
    ['with a terminal', `${EXEC}&tty=true`, {}, 501, 'tty is not supported'],
    ['without a command', 'web/exec?stdout=true', {}, 400, 'at least one command'],
    ['without an output', 'web/exec?command=ls', {}, 400, 'at least 1 of stdout, stderr'],
    ['over an old subprotocol', EXEC, { protocols: ['channel.k8s.io'] }, 400, V5],
  ])('is refused before the upgrade %s', async (_name, path, options, code, message) => {
    const { status, body } = await refusal(path, options);
    expect([status, body]).toEqual([code, expect.stringContaining(message)]);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', code });
  });
});
