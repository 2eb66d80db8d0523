/** The golden cases of the injection: a sentence, what goes in, what comes out for each Pod. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Platform } from '../../shared/core/injection/native.ts';
import type { ControllerRevision, Pod, StatusCause } from '../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

export const DIRECTORY = join(import.meta.dirname, 'injection');

export interface Given {
  pods: Pod[];
  sidecarSets: SidecarSet[];
  revisions: ControllerRevision[];
  namespaceLabels: Record<string, string>;
  /** Absent: Kubernetes 1.34, and sets are injected as compatible unless they say it otherwise. */
  platform?: Platform;
}

export type Expected =
  | { kind?: undefined; pod: Pod; warnings?: string[] }
  | { kind: 'unchanged' }
  | { kind: 'refused'; message: string; causes: StatusCause[] };

export const files = (): Promise<string[]> => readdir(DIRECTORY);

export const sentencesOf = (names: string[]): string[] =>
  names.filter((file) => file.endsWith('.in.yaml')).map((file) => file.slice(0, -'.in.yaml'.length));

const read = async (file: string): Promise<unknown> => parse(await readFile(join(DIRECTORY, file), 'utf8'));

export const givenOf = async (sentence: string): Promise<Given> => {
  const given = (await read(`${sentence}.in.yaml`)) as Partial<Given> & { pod?: Pod };
  const pods = given.pods ?? (given.pod ? [given.pod] : []);
  return { sidecarSets: [], revisions: [], namespaceLabels: {}, ...given, pods };
};

export const expectedOf = async (sentence: string): Promise<Expected[]> =>
  (await read(`${sentence}.out.yaml`)) as Expected[];
