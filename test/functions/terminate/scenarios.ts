/** One for each way down the ladder, and what must come of it in the end, whatever breaks on the way. */

import { clusterError } from '../../support/fakeCluster.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../support/pods.ts';
import type { WorldParts } from './world.ts';

export interface Scenario {
  what: string;
  parts: WorldParts;
  /** What the first run does, where nothing breaks. */
  first: string[];
  /** The phase of the Pod; `told`: it runs on, and its owner knows. */
  end: 'Succeeded' | 'told' | 'Failed';
}

const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const FORBIDDEN = clusterError(403, 'Forbidden', 'violates a policy');
const SWAPPED = [sidecar('side', [BY_EXIT_IMAGE])];
const HOOKED = [{ ...sidecar(), lifecycle: { preStop: { exec: { command: ['/flush'] } } } }];
const NO_HANDLER = { side: { onTerm: 'nothing' } } as const;

export const SCENARIOS: Scenario[] = [
  { what: 'a signal under Never', parts: {}, first: ['term side'], end: 'Succeeded' },
  { what: 'a signal under OnFailure', parts: { spec: ON_FAILURE }, first: ['term side'], end: 'Succeeded' },
  {
    what: 'a signal that does nothing under Never',
    parts: { behaviours: NO_HANDLER },
    first: ['term side'],
    end: 'Failed',
  },
  {
    what: 'a signal that does nothing under OnFailure',
    parts: { behaviours: NO_HANDLER, spec: ON_FAILURE },
    first: ['term side'],
    end: 'told',
  },
  {
    what: 'an ephemeral container under Never',
    parts: { refusals: { term: FORBIDDEN } },
    first: ['term side (403)', 'killer side'],
    end: 'Succeeded',
  },
  {
    what: 'an ephemeral container under OnFailure',
    parts: { refusals: { term: FORBIDDEN }, spec: ON_FAILURE },
    first: ['term side (403)', 'killer side'],
    end: 'Succeeded',
  },
  {
    what: 'an exit image',
    parts: { sides: SWAPPED, spec: ON_FAILURE, backoffLimit: 6 },
    first: ['image side'],
    end: 'Succeeded',
  },
  {
    what: 'an exit image that is refused',
    parts: { sides: SWAPPED, spec: ON_FAILURE, refusals: { image: FORBIDDEN } },
    first: ['image side (403)', 'term side'],
    end: 'Succeeded',
  },
  {
    what: 'a stop after everything else was refused',
    parts: { refusals: { term: FORBIDDEN, killer: FORBIDDEN } },
    first: ['term side (403)', 'killer side (403)', 'stop side'],
    end: 'Succeeded',
  },
  {
    what: 'a phase',
    parts: { sides: [sidecar('side', [IGNORED])], behaviours: NO_HANDLER },
    first: ['phase Succeeded'],
    end: 'Succeeded',
  },
  {
    what: 'a stop for a preStop under OnFailure',
    parts: { sides: HOOKED, spec: ON_FAILURE, backoffLimit: 0 },
    first: ['stop side'],
    end: 'Succeeded',
  },
  {
    what: 'a stop for a preStop under OnFailure after which the sidecar waits for its image',
    parts: { sides: HOOKED, spec: ON_FAILURE, behaviours: { side: { onTerm: 143 } } },
    first: ['stop side'],
    end: 'told',
  },
  {
    what: 'a preStop and a signal where the stop is refused',
    parts: { sides: HOOKED, spec: ON_FAILURE, refusals: { stop: FORBIDDEN } },
    first: ['stop side (403)', 'hook side', 'term side'],
    end: 'Succeeded',
  },
  {
    what: 'several sidecars, one of them last',
    parts: {
      sides: [sidecar('a', [IGNORED]), sidecar('b', [BY_EXIT_IMAGE]), sidecar('c')],
      behaviours: { a: { onTerm: 'nothing' }, b: { onTerm: 143 } },
    },
    first: ['image b', 'term c'],
    end: 'Succeeded',
  },
];
