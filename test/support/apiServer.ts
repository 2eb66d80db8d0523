/** An HTTPS server on loopback with an authority of its own, as an API server is seen by its clients. */

import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../../infra/local/certificates.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';

export interface FakeApiServer {
  access: ClusterAccess;
  server: Server;
  /** Waits until every connection is gone. */
  close(): Promise<void>;
}

export const TOKEN = 'secret-token-of-this-test';

export const startApiServer = async (listener?: RequestListener): Promise<FakeApiServer> => {
  const authority = await createAuthority();
  const server = createServer(await authority.issue('kubernetes', ['127.0.0.1']), listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    access: { endpoint: `https://127.0.0.1:${port}`, ca: authority.ca, token: TOKEN },
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
