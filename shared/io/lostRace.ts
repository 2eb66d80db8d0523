import { ClusterError, isAlreadyExists, isConflict, isNotFound } from './ports.ts';

/** Reads and decides anew this often when others are faster. */
const ROUNDS = 5;

/** A patch that names another uid is refused as the change of an immutable field, not as a conflict. */
const isOtherUid = (fault: unknown): boolean =>
  fault instanceof ClusterError && fault.code === 422 && fault.message.includes('metadata.uid');

const isLostRace = (fault: unknown): boolean =>
  isConflict(fault) || isAlreadyExists(fault) || isNotFound(fault) || isOtherUid(fault);

/**
 * Runs one round of read, decide, write; runs it anew when one of its writes met what somebody else wrote meanwhile
 * (another version, an object that is there already or gone). `undefined` when that happened every time.
 */
export const retryLostRace = async <T>(round: () => Promise<T>): Promise<T | undefined> => {
  for (let left = ROUNDS; left > 0; left -= 1) {
    try {
      return await round();
    } catch (fault) {
      if (!isLostRace(fault)) throw fault;
    }
  }
  return undefined;
};
