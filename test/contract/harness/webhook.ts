/** A webhook server for admission and conversion: loopback, its own authority, whatever a case answers. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createAuthority } from '../../../infra/local/certificates.ts';
import type { AdmissionRequest } from '../../../shared/model/admission.ts';
import type { Answered, Json } from './api.ts';

/** The body of an AdmissionReview or ConversionReview as it was sent. */
export interface Review {
  apiVersion: string;
  kind: string;
  request: AdmissionRequest<Answered> & { uid: string; [field: string]: unknown };
}

/**
 * The `response`, without the uid, which is filled in. `http` answers with this status and text instead; `hang` never
 * answers.
 */
export type Verdict = Json | { http: { status: number; body: string } } | { hang: true };

export interface Webhook {
  /** For `clientConfig`. */
  url: string;
  caBundle: string;
  /** In the order in which they came. */
  reviews: Review[];
  /** Paths with queries, as they were called. */
  calls: string[];
}

interface Wrong {
  review?: (review: Review) => Review | undefined;
  verdict?: (verdict: Verdict) => Verdict;
}

export const startWebhook = async (
  answer: (review: Review) => Verdict | Promise<Verdict>,
  wrong: Wrong,
): Promise<Webhook> => {
  const authority = await createAuthority();
  const reviews: Review[] = [];
  const calls: string[] = [];
  const decide = async (sent: Review): Promise<Verdict> => {
    const review = wrong.review ? wrong.review(sent) : sent;
    if (!review) return { allowed: true };
    reviews.push(review);
    const verdict = await answer(review);
    return wrong.verdict?.(verdict) ?? verdict;
  };
  const server = createServer(await authority.issue('webhook', ['127.0.0.1']), async (request, response) => {
    calls.push(request.url ?? '');
    const sent = (await json(request)) as Review;
    const verdict = await decide(sent);
    if ('hang' in verdict) return;
    if ('http' in verdict) {
      const { status, body } = verdict['http'] as { status: number; body: string };
      response.writeHead(status).end(body);
      return;
    }
    response.setHeader('content-type', 'application/json');
    const { apiVersion, kind, request: about } = sent;
    response.end(JSON.stringify({ apiVersion, kind, response: { uid: about.uid, ...verdict } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const caBundle = Buffer.from(authority.ca).toString('base64');
  return { url: `https://127.0.0.1:${port}`, caBundle, reviews, calls };
};
