/** Stands between a run and its cluster: every call goes through one function. */
import { type Cluster, ClusterError } from '../../../shared/io/ports.ts';
import type { Resource } from '../../../shared/model/resources.ts';

export interface Call {
  verb: keyof Cluster;
  /** Plural of the resource, with its subresource after a slash. */
  resource: string;
  name: string;
  isWrite: boolean;
}

/** What becomes of a call; `perform` has it done, at most once. */
export type Around = (call: Call, perform: () => Promise<unknown>) => Promise<unknown>;

export type Through = (cluster: Cluster) => Cluster;

const READS: readonly string[] = ['get', 'list', 'listMetadata'];
const WRITES: readonly string[] = ['create', 'replace', 'patch', 'evict', 'remove'];

const subresourceOf = (verb: string, args: unknown[]): string | undefined => {
  if (verb === 'evict') return 'eviction';
  if (verb === 'replace') return args[2] as string | undefined;
  return verb === 'patch' ? (args[3] as { subresource?: string }).subresource : undefined;
};

/** Of a key, an object, or the metadata of who is evicted. */
const nameOf = (verb: string, args: unknown[]): string => {
  const of = args[verb === 'evict' ? 0 : 1] as { name?: string; metadata?: { name: string } } | undefined;
  return of?.metadata?.name ?? of?.name ?? '';
};

const describeCall = (verb: string, args: unknown[]): Call => {
  const plural = verb === 'evict' ? 'pods' : (args[0] as Resource).plural;
  const subresource = subresourceOf(verb, args);
  return {
    verb: verb as keyof Cluster,
    resource: subresource ? `${plural}/${subresource}` : plural,
    name: nameOf(verb, args),
    isWrite: WRITES.includes(verb),
  };
};

export const throughAll =
  (around: Around): Through =>
  (cluster) => {
    const methods = [...READS, ...WRITES].map((verb) => [
      verb,
      (...args: unknown[]) => {
        const method = cluster[verb as keyof Cluster] as (...args: unknown[]) => Promise<unknown>;
        return around(describeCall(verb, args), () => method(...args));
      },
    ]);
    return { ...cluster, ...Object.fromEntries(methods) };
  };

export const noAnswer = (): ClusterError => new ClusterError(0, '', 'no answer');

/** The process is killed at its call of that number (from 0), before or after the call has taken effect. */
export const killedAt = (number: number, when: 'before' | 'after'): { through: Through; died(): boolean } => {
  let calls = 0;
  let isDead = false;
  const through = throughAll(async (_, perform) => {
    if (isDead) throw new ClusterError(0, '', 'the process is gone');
    if (calls++ < number) return perform();
    isDead = true;
    if (when === 'after') await perform().catch(() => undefined);
    throw new ClusterError(0, '', 'the process is gone');
  });
  return { through, died: () => isDead };
};

/** The write of that number (from 0) is answered by what `fault` makes of it; all others pass. */
export const faultAt = (
  number: number,
  fault: (perform: () => Promise<unknown>) => Promise<unknown>,
): { through: Through; met(): boolean } => {
  let writes = 0;
  let isMet = false;
  const through = throughAll(async ({ isWrite }, perform) => {
    if (!isWrite || writes++ !== number) return perform();
    isMet = true;
    return fault(perform);
  });
  return { through, met: () => isMet };
};

/** The process is killed after so many calls of that resource (`pods/eviction`) have taken effect. */
export const killedAfter = (resource: string, times: number): Through => {
  let left = times;
  return throughAll(async (call, perform) => {
    if (left === 0) throw new ClusterError(0, '', 'the process is gone');
    const result = await perform();
    if (call.resource === resource && --left === 0) throw new ClusterError(0, '', 'the process is gone');
    return result;
  });
};
