import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AwsOptions, startAws } from '../../../../infra/local/aws/aws.ts';
import { event, useMachine, wiring } from './machine.ts';

const machine = useMachine();
afterEach(() => void vi.unstubAllEnvs());

const withHandler = (change: { module?: string; exported?: string }): Partial<AwsOptions> => {
  const { functions, ...rest } = wiring();
  return {
    wiring: { ...rest, functions: functions.map((f) => ({ ...f, handler: { ...f.handler, ...change } })) },
  };
};
const withPattern = (pattern: unknown): Partial<AwsOptions> => {
  const { rules, ...rest } = wiring();
  return { wiring: { ...rest, rules: rules.map((rule) => ({ ...rule, pattern })) } };
};

describe('functions', () => {
  it('see their own variables while they are loaded, not those of others, and leave none behind', async () => {
    vi.stubEnv('OWN', 'of the shell');
    vi.stubEnv('QUEUE_URL', 'of the shell');
    await machine.start();
    const { atLoad } = JSON.parse((await machine.call('/c1/t/x', { method: 'GET' })).text);
    expect(atLoad).toEqual({ own: "echo's own" });
    expect([process.env['OWN'], process.env['QUEUE_URL']]).toEqual(['of the shell', 'of the shell']);
  });

  it('are told where the SDK goes only while the machine runs', async () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    const { endpointUrl, stop } = await machine.start();
    expect([process.env['AWS_ENDPOINT_URL'], process.env['AWS_PROFILE']]).toEqual([endpointUrl, undefined]);
    await stop();
    expect([process.env['AWS_ENDPOINT_URL'], process.env['AWS_PROFILE']]).toEqual([undefined, 'production']);
  });

  it('that are left out answer 503 and let their queues fill', async () => {
    const { queues, isIdle } = await machine.start({ without: ['echo', 'work'] });
    expect(await machine.call('/c1/t/x', { method: 'GET' })).toMatchObject({
      status: 503,
      text: '{"message":"Service Unavailable"}',
    });
    await machine.call('/publish', { body: JSON.stringify([event('a')]) });
    expect(queues.depth('WorkQueue')).toBe(1);
    expect(isIdle('work')).toBe(false);
  });

  it.each<[string, () => Partial<AwsOptions>, RegExp]>([
    ['a function that is not there', () => ({ without: ['nobody'] }), /there is no function nobody/],
    [
      'a module that is not there',
      () => withHandler({ module: '/none' }),
      /function echo: there is no module \/none/,
    ],
    [
      'a module without that export',
      () => withHandler({ exported: 'other' }),
      /function echo: its module does not export a function other/,
    ],
    [
      'a pattern that it does not know',
      () => withPattern({ source: [{ cidr: '10.0.0.0/8' }] }),
      /the operator cidr is not known/,
    ],
  ])('do not start with %s, and nothing is left open', async (_, options, problem) => {
    await expect(machine.start(options())).rejects.toThrow(problem);
    expect(process.env['AWS_ENDPOINT_URL']).toBeUndefined();
  });

  it('do not start where the port is in use', async () => {
    const { gatewayUrl } = await machine.start();
    const port = Number(new URL(gatewayUrl).port);
    await expect(startAws(machine.options({ ports: { gateway: port } }))).rejects.toThrow(
      `port ${port} is in use`,
    );
  });
});
