/** `pods/exec` over a WebSocket, subprotocol `v4.channel.k8s.io`. */
import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { type RawData, WebSocket } from 'ws';
import { ClusterError, type ExecResult } from '../ports.ts';
import type { ClusterAccess } from './access.ts';
import type { ExecInPod } from './client.ts';

/**
 * Not v5: for that the API server opens the streams to the node itself, and when the node's connection breaks it says
 * that the command has succeeded. A v4 connection is passed through, so that its end without a status is seen here.
 */
const PROTOCOL = 'v4.channel.k8s.io';
const OVERALL_SECONDS = 10;
/** Characters kept of each output; the rest is dropped. */
const OUTPUT_LIMIT = 64 * 1024;
/** Bytes of one frame, and of a refusal's body. */
const MESSAGE_LIMIT = 1024 * 1024;

/** The first byte of every message. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

interface ExecStatus {
  status?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** What the status says of the command's end: its exit code, or why the command could not be run. */
const exitCodeOf = (status: ExecStatus, path: string): number | ClusterError => {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const exitCode = Number(cause?.message);
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(exitCode)) return exitCode;
  return new ClusterError(
    status.code ?? 500,
    status.reason ?? '',
    `exec ${path}: ${status.message ?? 'failed'}`,
  );
};

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);

const parseStatus = (text: string): ExecStatus => {
  try {
    return (JSON.parse(text) ?? {}) as ExecStatus;
  } catch {
    return {};
  }
};

/** The answer of an API server that refuses the upgrade. */
const refusal = async (response: IncomingMessage, path: string): Promise<ClusterError> => {
  let text = '';
  for await (const chunk of response) if (text.length < MESSAGE_LIMIT) text += String(chunk);
  const { reason = '', message = `the API server answered ${response.statusCode}` } = parseStatus(text);
  return new ClusterError(response.statusCode ?? 0, reason, `exec ${path}: ${message}`);
};

/** Output and status of one command, as they come in. */
const createSession = () => {
  const output = { [STDOUT]: '', [STDERR]: '' };
  let status: ExecStatus | undefined;
  return {
    take(data: RawData) {
      const bytes = bytesOf(data);
      const text = bytes.toString('utf8', 1);
      const channel = bytes[0];
      if (channel === STATUS) status = parseStatus(text);
      if (channel === STDOUT || channel === STDERR)
        output[channel] = (output[channel] + text).slice(0, OUTPUT_LIMIT);
    },
    result(path: string): ExecResult | ClusterError {
      const exitCode = status && exitCodeOf(status, path);
      return exitCode instanceof ClusterError
        ? exitCode
        : { exitCode, stdout: output[STDOUT], stderr: output[STDERR] };
    },
  };
};

const urlOf = (endpoint: string, path: string, query: [string, string][]): URL => {
  const base = new URL(endpoint);
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
  url.protocol = 'wss:';
  url.search = new URLSearchParams(query).toString();
  return url;
};

/**
 * Runs a command and waits for its end, by default at most 10 s. A connection that ends without the command's status, or is cut
 * off by the limit, gives `exitCode: undefined`: the command may have run.
 * Rejects with a ClusterError: the API server's refusal, a command that could not be run, or code 0 for no connection.
 */
export const createExec = ({ endpoint, ca, token }: ClusterAccess): ExecInPod => {
  // Every exec takes a connection of its own; the agent keeps the TLS session, which makes the next handshake shorter.
  const agent = new Agent({ ca });
  return (path, query, { seconds = OVERALL_SECONDS } = {}) =>
    new Promise((resolve, reject) => {
      const session = createSession();
      const socket = new WebSocket(urlOf(endpoint, path, query), PROTOCOL, {
        agent,
        ca,
        headers: { authorization: `Bearer ${token}` },
        maxPayload: MESSAGE_LIMIT,
        perMessageDeflate: false,
      });
      let opened = false;
      const end = (fault?: Error) => {
        clearTimeout(limit);
        socket.terminate();
        const result = session.result(path);
        if (result instanceof ClusterError) reject(result);
        else if (opened) resolve(result);
        else reject(fault);
      };
      const unreachable = (cause: Error) =>
        end(new ClusterError(0, 'NoAnswer', `exec ${path}: no answer: ${cause.message}`, { cause }));
      const limit = setTimeout(() => unreachable(new Error(`nothing for ${seconds} s`)), 1000 * seconds);
      socket.on('unexpected-response', (_, response) => {
        refusal(response, path).then(end, unreachable);
      });
      socket.on('open', () => {
        opened = true;
      });
      socket.on('message', (data) => session.take(data));
      socket.on('error', unreachable);
      socket.on('close', () => end());
    });
};
