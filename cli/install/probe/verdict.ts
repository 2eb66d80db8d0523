/** What an answer of the endpoint, or none, tells, and which option puts it right. Pure. */
import { isRecord } from '../../../shared/model/json.ts';
import type { Probe } from './reviews.ts';

export type Outcome =
  | { kind: 'answer'; status: number; body: string }
  /** `code` of Node's error, e.g. `ECONNREFUSED`. */
  | { kind: 'failure'; code: string; message: string };

export type Verdict =
  | { kind: 'answers' }
  | {
      kind: 'unreachable' | 'untrusted' | 'wrong token' | 'wrong cluster' | 'fault' | 'stranger';
      sentence: string;
    };

const EXPIRED = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const UNTRUSTED = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
];

const ofFailure = (code: string, message: string): Verdict => {
  if (UNTRUSTED.includes(code)) {
    const sentence = `its certificate is not trusted (${code}): give the CA that signed it with --ca-bundle`;
    return { kind: 'untrusted', sentence };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const sentence = "its certificate is for another host: correct --url, or the endpoint's certificate";
    return { kind: 'untrusted', sentence };
  }
  if (EXPIRED.includes(code)) {
    return { kind: 'untrusted', sentence: `its certificate is not valid now (${code}): renew it` };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return { kind: 'unreachable', sentence: 'it does not speak TLS: --url must name an HTTPS port' };
  }
  return { kind: 'unreachable', sentence: `it can't be reached (${message}): correct --url` };
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const answersReview = (body: string, { body: review }: Probe): boolean => {
  const answer = parsed(body);
  return (
    isRecord(answer) &&
    answer['kind'] === review.kind &&
    isRecord(answer['response']) &&
    answer['response']['uid'] === review.request.uid
  );
};

const ofStatus = (status: number, body: string): Verdict => {
  if (status === 403) {
    const sentence = 'it does not know the path token (403): correct the one in --token-file';
    return { kind: 'wrong token', sentence };
  }
  if (status === 404 && body.includes('this cluster is not served here')) {
    const sentence = "it serves another cluster (404): end --url with the functions' CLUSTER_NAME";
    return { kind: 'wrong cluster', sentence };
  }
  if (status === 404) {
    return { kind: 'stranger', sentence: 'there is no function at this path (404): correct --url' };
  }
  if (status >= 500) {
    const sentence = `the function fails (${status}): its log says why; --url is right`;
    return { kind: 'fault', sentence };
  }
  return {
    kind: 'stranger',
    sentence: `it answers ${status}, as none of the functions would: correct --url`,
  };
};

export const verdictOf = (outcome: Outcome, probe: Probe): Verdict => {
  if (outcome.kind === 'failure') return ofFailure(outcome.code, outcome.message);
  if (outcome.status !== 200) return ofStatus(outcome.status, outcome.body);
  if (answersReview(outcome.body, probe)) return { kind: 'answers' };
  return { kind: 'stranger', sentence: 'it answers, but not to the review that was sent: correct --url' };
};
