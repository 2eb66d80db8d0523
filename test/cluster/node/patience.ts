import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError } from '../../../shared/io/ports.ts';

const RETRY_MILLISECONDS = 200;
const RETRIES = 20;

/**
 * What a node may do follows from the Pods bound to it, and the API server learns of a binding a moment after the node
 * does: a refusal is asked again for some seconds, as a kubelet does before it makes a Pod wait.
 */
export const onceAllowed = async <T>(call: () => Promise<T>): Promise<T> => {
  for (let left = RETRIES; ; left--) {
    try {
      return await call();
    } catch (fault) {
      if (!(fault instanceof ClusterError) || fault.code !== 403 || left === 0) throw fault;
      await pause(RETRY_MILLISECONDS);
    }
  }
};
