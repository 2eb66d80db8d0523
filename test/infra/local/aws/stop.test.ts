import { describe, expect, it, vi } from 'vitest';
import type { FunctionWiring } from '../../../../infra/local/aws/wiring/types.ts';
import { useMachine, wiring } from './machine.ts';

const machine = useMachine();

describe('stop', () => {
  const hanging = async (functions: FunctionWiring[]) => {
    const { stop } = await machine.start({ wiring: { ...wiring(), functions } });
    const answer = machine.call('/c1/t/echo', { body: '{"do":"hang"}' }).catch((fault: Error) => fault);
    await vi.waitFor(() => expect(machine.clock.waiting()).toBe(2));
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    return { answer, stopping, isStopped: () => stopped };
  };

  it('waits for a running invocation and still gives its answer', async () => {
    const { answer, stopping, isStopped } = await hanging(wiring().functions);
    machine.clock.advance(1_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped()).toBe(false);
    machine.clock.advance(1);
    await stopping;
    expect(await answer).toMatchObject({ status: 500 });
  });

  it('waits no longer than 10 s', async () => {
    const { stopping, answer } = await hanging(
      wiring().functions.map((own) => ({ ...own, timeoutSeconds: 60 })),
    );
    machine.clock.advance(10_000);
    await stopping;
    expect(await answer).toBeInstanceOf(Error);
  });
});
