import { isRecord } from '../../../../../shared/model/json.ts';

/** The JSON paths of printer columns. */

type Step = (value: unknown) => unknown;

const field =
  (name: string): Step =>
  (value) =>
    isRecord(value) ? value[name] : undefined;

const element =
  (index: number): Step =>
  (value) =>
    Array.isArray(value) ? value.at(index) : undefined;

const matching =
  (name: string, wanted: string): Step =>
  (value) =>
    Array.isArray(value) ? value.find((item) => isRecord(item) && String(item[name]) === wanted) : undefined;

/** `.name`, `.na\.me`, `['name']`, `[0]`, `[?(@.type=="Ready")]` */
const STEPS: [RegExp, (...groups: string[]) => Step][] = [
  [/^\.((?:[^.[\]\\*]|\\.)+)/, (name = '') => field(name.replace(/\\(.)/g, '$1'))],
  [/^\[['"]([^'"]+)['"]\]/, (name = '') => field(name)],
  [/^\[(-?\d+)\]/, (index) => element(Number(index))],
  [/^\[\?\(@\.([\w-]+)\s*==\s*['"]([^'"]*)['"]\)\]/, (name = '', wanted = '') => matching(name, wanted)],
];

const nextStep = (path: string): { step: Step; rest: string } | undefined => {
  for (const [pattern, build] of STEPS) {
    const match = pattern.exec(path);
    if (match) return { step: build(...match.slice(1)), rest: path.slice(match[0].length) };
  }
  return undefined;
};

/**
 * A reader for a path of fields, list positions and `[?(@.field=="text")]`, which gives the first match;
 * `undefined` if the path uses more of the language (`..`, `*`, slices, other filters).
 */
export const compilePath = (path: string): ((object: unknown) => unknown) | undefined => {
  const steps: Step[] = [];
  for (let rest = path; rest !== ''; ) {
    const next = nextStep(rest);
    if (!next) return undefined;
    steps.push(next.step);
    rest = next.rest;
  }
  return (object) => steps.reduce((value, step) => step(value), object);
};
