/** Starts one API server for all contract tests of a project. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';

export interface Server {
  kind: 'embedded' | 'real';
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** PEM. */
  ca: string;
  /** Bearer token of a member of `system:masters`. */
  token: string;
  /** Path of that user's kubeconfig file. */
  kubeconfig: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: Server;
  }
}

/** A vitest global setup. */
export const provideServer =
  (kind: Server['kind'], start: (directory: string) => Promise<RunningCluster>) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const directory = await mkdtemp(join(tmpdir(), `sidecarset-${kind}-`));
    const remove = () => rm(directory, { recursive: true, force: true });
    try {
      const { url, authority, token, kubeconfig, stop } = await start(directory);
      project.provide('server', { kind, url, ca: authority.ca, token, kubeconfig });
      return async () => {
        await stop();
        await remove();
      };
    } catch (fault) {
      await remove();
      throw fault;
    }
  };
