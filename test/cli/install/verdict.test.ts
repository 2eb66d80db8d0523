import { expect, it } from 'vitest';
import { insideProbe } from '../../../cli/install/probe/reviews.ts';
import { type Outcome, verdictOf } from '../../../cli/install/probe/verdict.ts';

const probe = insideProbe();
const answer = (status: number, body: unknown): Outcome => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const failure = (code: string): Outcome => ({ kind: 'failure', code, message: `connect ${code}` });
const { uid } = probe.body.request;

it('knows an answer to its own review', () => {
  const body = { kind: 'AdmissionReview', response: { uid, allowed: true } };
  expect(verdictOf(answer(200, body), probe)).toEqual({ kind: 'answers' });
});

it.each<[string, Outcome, string, string]>([
  ['a closed port', failure('ECONNREFUSED'), 'unreachable', 'correct --url'],
  ['an unknown host', failure('ENOTFOUND'), 'unreachable', 'correct --url'],
  ['plain HTTP', failure('EPROTO'), 'unreachable', 'HTTPS port'],
  ['a private CA', failure('SELF_SIGNED_CERT_IN_CHAIN'), 'untrusted', '--ca-bundle'],
  ['an unknown issuer', failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'untrusted', '--ca-bundle'],
  ['a certificate of another host', failure('ERR_TLS_CERT_ALTNAME_INVALID'), 'untrusted', 'another host'],
  ['an old certificate', failure('CERT_HAS_EXPIRED'), 'untrusted', 'renew'],
  ['a wrong token', answer(403, ''), 'wrong token', '--token-file'],
  [
    'another cluster',
    answer(404, { message: 'this cluster is not served here' }),
    'wrong cluster',
    'CLUSTER_NAME',
  ],
  ['another path', answer(404, { message: 'Not Found' }), 'stranger', 'correct --url'],
  ['a function that fails', answer(500, {}), 'fault', 'its log'],
  ['a gateway without the function', answer(503, {}), 'fault', 'its log'],
  ['a login page', answer(302, ''), 'stranger', 'correct --url'],
  ['a web page', answer(200, '<html>'), 'stranger', 'correct --url'],
  [
    'an answer to another review',
    answer(200, { kind: 'AdmissionReview', response: { uid: 'x' } }),
    'stranger',
    'correct --url',
  ],
  [
    'an answer of another kind',
    answer(200, { kind: 'ConversionReview', response: { uid } }),
    'stranger',
    'correct --url',
  ],
])('tells %s apart, and names the way out', (_, outcome, kind, hint) => {
  expect(verdictOf(outcome, probe)).toEqual({ kind, sentence: expect.stringContaining(hint) });
});
