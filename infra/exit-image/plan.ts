/** What an image that ends the sidecars of some manifests must be. */
import { ENV_TERMINATE_WITH_IMAGE } from '../../shared/model/names.ts';
import { ENTRYPOINT } from './image.ts';
import { isWithin, mountPaths, type Program, programsOf } from './programs.ts';
import { findSidecars, type Sidecar } from './sidecars.ts';

export interface Plan {
  /** Absolute paths, sorted, each once. */
  programs: string[];
  /** Full names, sorted, each once. */
  names: string[];
  /** Each names its field. With one there is nothing to build. */
  faults: string[];
}

const OWN: Program = { path: ENTRYPOINT, at: "the image's own program" };

const APART = 'build an image of its own for one of them';

/** A file can't be a directory. */
const clashes = (programs: Program[]): string[] =>
  programs.flatMap(({ path, at }) =>
    programs
      .filter((other) => other.path !== path && isWithin(path, other.path))
      .map(
        (other) =>
          `${at}: ${path} needs a directory ${other.path}, which is a program (${other.at}): ${APART}`,
      ),
  );

/** Nothing can be mounted below a file, and a directory not on one. */
const blockedMounts = (sidecars: Sidecar[], programs: Program[]): string[] =>
  sidecars.flatMap(({ container, at }) =>
    mountPaths(container).flatMap((mount, index) =>
      programs
        .filter(({ path }) => isWithin(mount, path))
        .map(
          (program) =>
            `${at}.volumeMounts[${index}].mountPath: ${program.path} is a program (${program.at}): ${APART}`,
        ),
    ),
  );

const unique = (texts: string[]): string[] => [...new Set(texts)].sort();

const NONE = `no container has a literal ${ENV_TERMINATE_WITH_IMAGE}: give it to each sidecar that the image is to end, with the image's name as its value`;

/** @param objects with the place that faults name */
export const planExitImage = (objects: { object: unknown; place: string }[]): Plan => {
  const found = objects.map(({ object, place }) => findSidecars(object, place));
  const sidecars = found.flatMap((each) => each.sidecars);
  const collected = sidecars.map(programsOf);
  const programs = [OWN, ...collected.flatMap((each) => each.programs)];
  const faults = [
    ...found.flatMap((each) => each.faults),
    ...collected.flatMap((each) => each.faults),
    ...clashes(programs),
    ...blockedMounts(sidecars, programs),
  ];
  const none = `${objects.map(({ place }) => place).join('; ')}: ${NONE}`;
  return {
    programs: unique(programs.map(({ path }) => path)),
    names: unique(sidecars.map(({ image }) => image)),
    faults: unique(sidecars.length === 0 && faults.length === 0 ? [none] : faults),
  };
};
