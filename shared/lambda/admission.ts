import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ContractError, json } from '../contracts/parse.ts';
import { parseWebhookCall, type WebhookCall } from '../contracts/webhookCall.ts';
import type { Log } from '../io/ports.ts';
import { type LambdaHandler, stack } from './stack.ts';

/**
 * Answers a webhook's parsed body with the body of the answer. `path` is what follows `/{cluster}/{token}/`.
 * A ContractError is answered 400 with its message, any other error 500.
 */
export type Answer = (body: unknown, path: string) => Promise<unknown>;

export interface AdmissionOptions {
  /** Accepted path tokens: current and previous. */
  tokens: string[];
  /** The cluster that this installation serves. */
  cluster: string;
  log: Log;
}

/** What the HTTP API (payload format 2.0) takes back. */
export interface HttpResult extends APIGatewayProxyStructuredResultV2 {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Far above any Pod or SidecarSet with its predecessor beside it (etcd takes 1.5 MiB an object). */
const MOST_BYTES = 4 * 1024 * 1024;

interface Refusal {
  status: number;
  message: string;
}

const FORBIDDEN: Refusal = { status: 403, message: 'forbidden' };

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Compares with every token, in a time that tells neither which one matched nor how much of it. */
const accepts = (digests: Buffer[], token: string): boolean => {
  const given = digest(token);
  return digests.map((known) => timingSafeEqual(known, given)).includes(true);
};

const result = (statusCode: number, body: unknown): HttpResult => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The token comes first: a stranger learns nothing else, and no body of theirs is looked at. */
const refusal = (call: WebhookCall, digests: Buffer[], cluster: string): Refusal | undefined => {
  if (!accepts(digests, call.token)) return FORBIDDEN;
  if (call.cluster !== cluster) return { status: 404, message: 'this cluster is not served here' };
  if (call.contentType !== 'application/json') {
    return { status: 415, message: 'the content type must be application/json' };
  }
  if (call.body.bytes() > MOST_BYTES) {
    return { status: 413, message: `the body must not be larger than ${MOST_BYTES} bytes` };
  }
  return undefined;
};

const callOf = (event: unknown): WebhookCall | Refusal => {
  try {
    return parseWebhookCall(event);
  } catch (fault) {
    if (fault instanceof ContractError) return { status: 404, message: 'no such path' };
    throw fault;
  }
};

/**
 * An admission function behind the HTTP API: `POST /{cluster}/{token}/<what>`. What the sender did wrong is a 4xx with a
 * message (none for a wrong token); a fault of ours is a 500 without its cause, so that the webhook's failurePolicy decides. Paths are never
 * logged: they hold the token.
 */
export const admission = (
  answer: Answer,
  { tokens, cluster, log }: AdmissionOptions,
): LambdaHandler<HttpResult> => {
  const digests = tokens.map(digest);

  return stack<HttpResult>(
    async (event, context) => {
      const refuse = (refused: Refusal): HttpResult => {
        const { status, message } = refused;
        log.warn('the call was refused', { requestId: context.awsRequestId, status, reason: message });
        return refused === FORBIDDEN
          ? { statusCode: status, headers: {}, body: '' }
          : result(status, { message });
      };
      const call = callOf(event);
      if ('status' in call) return refuse(call);
      try {
        const refused = refusal(call, digests, cluster);
        if (refused) return refuse(refused);
        return result(200, await answer(json(call.body.text(), 'body'), call.path));
      } catch (fault) {
        if (fault instanceof ContractError) return refuse({ status: 400, message: fault.message });
        throw fault;
      }
    },
    {
      log,
      answerFault: (context) => result(500, { message: `internal fault, request ${context.awsRequestId}` }),
    },
  );
};
