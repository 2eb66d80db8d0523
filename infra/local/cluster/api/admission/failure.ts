/** Why a webhook could not be asked, in the words of Kubernetes. */

/** The webhook could not be asked; its failurePolicy decides what that means. */
export class CallFailure extends Error {}

export const notCalled = (why: string): CallFailure => new CallFailure(`failed to call webhook: ${why}`);

export const invalidResponse = (why: string): CallFailure =>
  new CallFailure(`received invalid webhook response: ${why}`);

const UNKNOWN_AUTHORITY = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

interface NodeError extends Error {
  code?: string;
  address?: string;
  port?: number;
}

/** What Go's HTTP client says where Node's has another sentence. */
const inGo = (fault: NodeError): string => {
  if (fault.code === 'ECONNREFUSED')
    return `dial tcp ${fault.address}:${fault.port}: connect: connection refused`;
  if (fault.code !== undefined && UNKNOWN_AUTHORITY.has(fault.code))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  if (fault.name === 'TimeoutError' || fault.name === 'AbortError') return 'context deadline exceeded';
  return fault.message;
};

/** The URL is part of the sentence, as in Kubernetes. */
export const unreached = (url: string, timeoutSeconds: number, fault: unknown): CallFailure => {
  const why = fault instanceof Error ? inGo(fault) : String(fault);
  return notCalled(`Post "${new URL(url).href}?timeout=${timeoutSeconds}s": ${why}`);
};
