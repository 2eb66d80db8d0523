/** POSTs JSON to a webhook, with the CA that its configuration names and connections that stay open. */
import { type Agent, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { WebhookCaller } from './types.ts';

const readBody = async (response: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const target = (url: string, timeoutSeconds: number): URL => {
  const address = new URL(url);
  address.searchParams.set('timeout', `${timeoutSeconds}s`);
  return address;
};

type Send = (address: URL, caBundle: string | undefined) => { agent: Agent; secure: boolean };

const createAgents = (): Send => {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new Map<string, HttpsAgent>();
  return (address, caBundle = '') => {
    if (address.protocol === 'http:') return { agent: plain, secure: false };
    const ca = caBundle === '' ? undefined : Buffer.from(caBundle, 'base64');
    const agent = secure.get(caBundle) ?? new HttpsAgent({ keepAlive: true, ...(ca && { ca }) });
    secure.set(caBundle, agent);
    return { agent, secure: true };
  };
};

interface Call extends RequestOptions {
  address: URL;
  secure: boolean;
  content: Buffer;
}

const send = ({ address, secure, content, ...options }: Call) => {
  const sent = (secure ? httpsRequest : httpRequest)(address, options);
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  sent.end(content);
  return { sent, answer };
};

const wasClosed = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && (fault.code === 'ECONNRESET' || fault.code === 'EPIPE');

/** Sent once more where the webhook has closed the kept connection meanwhile, as by Go's HTTP client. */
const sendOnceMore = async (call: Call): Promise<IncomingMessage> => {
  const { sent, answer } = send(call);
  try {
    return await answer;
  } catch (fault) {
    if (!sent.reusedSocket || !wasClosed(fault)) throw fault;
    return send({ ...call, agent: false }).answer;
  }
};

/** An answer that is no JSON comes back as text. Rejects on network faults and when the time is up. */
export const createWebhookCaller = (): WebhookCaller => {
  const agentFor = createAgents();
  return async ({ url, caBundle, body, timeoutSeconds }) => {
    const address = target(url, timeoutSeconds);
    const { agent, secure } = agentFor(address, caBundle);
    const content = Buffer.from(JSON.stringify(body));
    const response = await sendOnceMore({
      address,
      secure,
      content,
      method: 'POST',
      agent,
      ...(caBundle && { ca: Buffer.from(caBundle, 'base64') }),
      headers: { 'content-type': 'application/json', 'content-length': content.length },
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    return { status: response.statusCode ?? 0, body: await readBody(response) };
  };
};
