import { isRecord } from '../../../model/json.ts';
import type { CompileRegex } from '../../../model/regex.ts';
import type { SidecarContainer, SidecarSet } from '../../../model/sidecarset.ts';

type Test = (name: string) => boolean;

/** More than any list of container names needs; bounds the work on a hostile pattern. */
export const MAX_PATTERN = 1024;

const EVERYTHING = '.*';

/** `app`, `^app`, `app$`, `^app$`: means the same in every syntax. */
const PLAIN = /^(\^?)([a-z0-9-]+)(\$?)$/;

const plainTest = (pattern: string): Test | undefined => {
  if (pattern === EVERYTHING) return () => true;
  const match = PLAIN.exec(pattern);
  if (match === null) return undefined;
  const [, start, text = '', end] = match;
  if (start && end) return (name) => name === text;
  if (start) return (name) => name.startsWith(text);
  return end ? (name) => name.endsWith(text) : (name) => name.includes(text);
};

const patternOf = ({ resourcesPolicy }: SidecarContainer): string =>
  resourcesPolicy?.targetContainersNameRegex || EVERYTHING;

/** The test of the policy's targets by name. `undefined`: the pattern is too long or does not compile. */
export const targetNames = (sidecar: SidecarContainer, compile: CompileRegex): Test | undefined => {
  const pattern = patternOf(sidecar);
  if (pattern.length > MAX_PATTERN) return undefined;
  return plainTest(pattern) ?? compile(pattern);
};

/** Whether a policy of the set has a pattern for which {@link targetNames} calls `compile`; of what is stored, types are unchecked. */
export const needsRegex = ({ spec }: SidecarSet): boolean =>
  [spec.initContainers, spec.containers].some(
    (list) =>
      Array.isArray(list) &&
      list.some((sidecar) => isRecord(sidecar) && plainTest(String(patternOf(sidecar))) === undefined),
  );
