/** Who is asking: bearer tokens from a header or, for WebSockets, from a subprotocol. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { User } from '../api/types.ts';

export type { User } from '../api/types.ts';

/** Every user that is known is in it. */
const AUTHENTICATED = 'system:authenticated';

/** Browsers can't set headers on a WebSocket, so Kubernetes takes the token as a subprotocol too (base64url). */
const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The subprotocols that a client offers, in its order. */
export const offeredProtocols = (headers: IncomingHttpHeaders): string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').flatMap((part) => part.trim() || []);

const presentedToken = (headers: IncomingHttpHeaders): string | undefined => {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const protocol = offeredProtocols(headers).find((offered) => offered.startsWith(TOKEN_PROTOCOL));
  if (protocol === undefined) return undefined;
  return Buffer.from(protocol.slice(TOKEN_PROTOCOL.length), 'base64url').toString();
};

/** Returns the token's user, `undefined` if there is no token or nobody's. Every token is compared, in constant time. */
export const createAuthenticator = (tokens: Map<string, User>) => {
  const known = [...tokens].map(([token, { username, groups }]) => ({
    digest: digest(token),
    user: { username, groups: [...groups, AUTHENTICATED] },
  }));
  return (headers: IncomingHttpHeaders): User | undefined => {
    const token = presentedToken(headers);
    if (token === undefined) return undefined;
    const presented = digest(token);
    const matches = known.filter((entry) => timingSafeEqual(entry.digest, presented));
    return matches[0]?.user;
  };
};
