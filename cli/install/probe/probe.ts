/** Whether the endpoint answers, before anything in a cluster depends on it. */
import { UserFacingError } from '../../failure.ts';
import type { Endpoint } from '../render.ts';
import { insideProbe, outsideProbes, type Probe } from './reviews.ts';
import { sendProbe } from './send.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Host and port: all of an endpoint's URL that may be shown. */
export const hostOf = ({ url }: Pick<Endpoint, 'url'>): string => new URL(url).host;

const ask = async (endpoint: Endpoint, probe: Probe): Promise<Verdict> =>
  verdictOf(await sendProbe(endpoint, probe), probe);

/** Why the endpoint does not answer as it must, as a sentence; `undefined` if it does. From this machine. */
export const endpointFault = async (endpoint: Endpoint): Promise<string | undefined> => {
  for (const probe of outsideProbes()) {
    const verdict = await ask(endpoint, probe);
    if (verdict.kind !== 'answers')
      return `the endpoint ${hostOf(endpoint)} (/${probe.path}): ${verdict.sentence}`;
  }
  return undefined;
};

const PATIENCE_MILLISECONDS = 15_000;
const PAUSE_MILLISECONDS = 500;

/**
 * Asks `inject` for a verdict on a Pod until it gives one: it must be able to read what was just installed, with rights
 * that were just given. Rejects after 15 s, or at once if it is no fault of the function's.
 */
export const requireInject = async (
  endpoint: Endpoint,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const verdict = await ask(endpoint, insideProbe());
    if (verdict.kind === 'answers') return;
    if (verdict.kind !== 'fault' || Date.now() > deadline) {
      throw new UserFacingError(
        `the endpoint ${hostOf(endpoint)} (/inject): ${verdict.sentence}. ` +
          'It reads the SidecarSets and the namespace of a Pod: does it reach this cluster, as the user sidecarset:inject?',
      );
    }
    await pause(PAUSE_MILLISECONDS);
  }
};
