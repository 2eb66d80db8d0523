/**
 * Calls for the same key that are made while one is under way share its answer. Within a function's batch that is safe:
 * whatever the messages tell of was written before the first of the calls.
 */
export const underWay = <T>(call: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const calls = new Map<string, Promise<T>>();
  return (key) => {
    const found = calls.get(key);
    if (found) return found;
    const answer = call(key).finally(() => calls.delete(key));
    calls.set(key, answer);
    return answer;
  };
};
