import { expect, it, vi } from 'vitest';
import { ClusterError } from '../../../shared/io/ports.ts';
import { onceAllowed } from './patience.ts';

it('asks again after a refusal, and gives the answer that comes then', async () => {
  const call = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new ClusterError(403, 'Forbidden', 'not yet'))
    .mockResolvedValue('yes');
  expect(await onceAllowed(call)).toBe('yes');
  expect(call).toHaveBeenCalledTimes(2);
});

it('passes any other fault on at once', async () => {
  const call = vi.fn(() => Promise.reject(new ClusterError(404, 'NotFound', 'gone')));
  await expect(onceAllowed(call)).rejects.toThrow('gone');
  expect(call).toHaveBeenCalledTimes(1);
});
