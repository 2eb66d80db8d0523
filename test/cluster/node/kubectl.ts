/** The real kubectl with a kubeconfig of a test. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface Output {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Kubectl {
  /** Whatever it exits with is a result. `input` goes to its stdin, objects as JSON. */
  run(args: string[], input?: string | object, env?: Record<string, string>): Promise<Output>;
  /** Its stdout without the last newline; rejects with its stderr if it fails. */
  (...args: string[]): Promise<string>;
  /** `kubectl apply -f -` of an object; rejects as the call does. */
  apply(object: object): Promise<string>;
  /** Calls again until the output fits; rejects with the last output after 45 s. */
  until(pattern: RegExp, ...args: string[]): Promise<string>;
}

const PATIENCE_MILLISECONDS = 45_000;
const LOOK_MILLISECONDS = 200;

/** @param home a directory of the test's own, for kubectl's caches */
export const kubectlWith = (kubeconfig: string, home: string): Kubectl => {
  const run: Kubectl['run'] = (args, input = '', more = {}) =>
    new Promise((resolve, reject) => {
      const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig, ...more };
      const child = spawn('kubectl', args, { env });
      child.once('error', reject);
      child.stdin.on('error', () => undefined).end(typeof input === 'string' ? input : JSON.stringify(input));
      const output = Promise.all([text(child.stdout), text(child.stderr)]);
      child.once('close', (code) =>
        output.then(([stdout, stderr]) => resolve({ code, stdout, stderr }), reject),
      );
    });
  const sure = async (args: string[], input?: object): Promise<string> => {
    const { code, stdout, stderr } = await run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trimEnd();
  };
  return Object.assign((...args: string[]) => sure(args), {
    run,
    apply: (object: object) => sure(['apply', '-f', '-'], object),
    async until(pattern: RegExp, ...args: string[]) {
      const deadline = Date.now() + PATIENCE_MILLISECONDS;
      for (;;) {
        const output = await sure(args);
        if (pattern.test(output)) return output;
        if (Date.now() > deadline) throw new Error(`kubectl ${args.join(' ')}: ${output}`);
        await pause(LOOK_MILLISECONDS);
      }
    },
  });
};
