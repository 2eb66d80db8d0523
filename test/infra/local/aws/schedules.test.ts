import { describe, expect, it, vi } from 'vitest';
import { received } from './fixture/received.ts';
import { useMachine } from './machine.ts';

const machine = useMachine();

describe('schedules', () => {
  const ticks = () => received().length;

  it('call at their rate with their input', async () => {
    await machine.start();
    machine.clock.advance(59_999);
    expect(machine.invocations).toEqual([]);
    machine.clock.advance(1);
    await vi.waitFor(() => expect(received()).toEqual([{ tick: { what: 'pods' } }]));
    machine.clock.advance(60_000);
    await vi.waitFor(() => expect(ticks()).toBe(2));
  });

  it('call as often as told instead', async () => {
    await machine.start({ resyncEvery: 500 });
    machine.clock.advance(1_500);
    await vi.waitFor(() => expect(ticks()).toBe(3));
  });
});
