import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Endpoint } from '../render.ts';
import type { Probe } from './reviews.ts';
import type { Outcome } from './verdict.ts';

/** As long as the API server would wait. */
const TIMEOUT_MILLISECONDS = 10_000;

const failure = (fault: NodeJS.ErrnoException): Outcome => ({
  kind: 'failure',
  code: fault.code ?? fault.name,
  message: fault.name === 'AbortError' ? `no answer in ${TIMEOUT_MILLISECONDS / 1000} s` : fault.message,
});

/** Sends a review as the API server would; never rejects. */
export const sendProbe = ({ url, ca }: Endpoint, { path, body }: Probe): Promise<Outcome> =>
  new Promise((resolve) => {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const headers = { 'content-type': 'application/json' };
    const fail = (fault: NodeJS.ErrnoException) => resolve(failure(fault));
    request(`${url}/${path}?timeout=10s`, { method: 'POST', ca, agent: false, headers, signal })
      .on('error', fail)
      .on('response', (response) => {
        text(response).then(
          (answer) => resolve({ kind: 'answer', status: response.statusCode ?? 0, body: answer }),
          fail,
        );
      })
      .end(JSON.stringify(body));
  });
