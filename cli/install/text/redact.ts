/** The endpoint's path token is a secret; API servers quote the URL in their messages. */
import { createHash } from 'node:crypto';

const TOKEN_IN_URL = /(https:\/\/[^/\s"']+\/[^/\s"']+\/)([^/\s"'?]+)(?=\/(?:inject|observe|sidecarset)\b)/g;

/** Says only whether two tokens are the same: of an unguessable one nothing can be learned from it. */
const fingerprint = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 8);

/** The text with every path token replaced by a fingerprint of it. */
export const redact = (text: string): string =>
  text.replace(TOKEN_IN_URL, (_, before: string, token: string) => `${before}<token ${fingerprint(token)}>`);
