/** Documents gone wrong, from one seed: the same seed gives the same documents. */

type Random = () => number;

const pick = <T>(values: readonly T[], random: Random): T =>
  values[Math.floor(random() * values.length)] as T;

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { nested: nested(depth - 1) });

/** JSON texts: what they parse to must not be shared between documents. */
const ODD = [
  'null',
  'true',
  '0',
  '-1',
  '1e308',
  '9007199254740993',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"(a+)+$"',
  '"cpu*cpu"',
  '"((((((((((1))))))))))"',
  '"100%"',
  '"{\\"a\\":{\\"__proto__\\":{\\"polluted\\":1}}}"',
  '[]',
  '[null]',
  '[[]]',
  '{}',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"matchLabels":{"__proto__":"x"}}',
  JSON.stringify(nested(200)),
  JSON.stringify('x'.repeat(5000)),
  JSON.stringify(`${'('.repeat(3000)}1`),
  JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ name: `c${index % 7}` }))),
];

interface Place {
  holder: Record<string, unknown> | unknown[];
  key: string;
}

/** Every place of a document, without those that only a prototype has. */
const placesOf = (value: unknown, depth = 0): Place[] => {
  if (typeof value !== 'object' || value === null || depth > 30) return [];
  const holder = value as Place['holder'];
  return Object.keys(holder).flatMap((key) => [
    { holder, key },
    ...placesOf((holder as Record<string, unknown>)[key], depth + 1),
  ]);
};

/** Sets an own property, whatever its name. */
const put = (holder: Place['holder'], key: string, value: unknown): void => {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

const CHANGES: ((place: Place, places: Place[], random: Random) => void)[] = [
  ({ holder, key }, _, random) => put(holder, key, JSON.parse(pick(ODD, random))),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  },
  ({ holder, key }, places, random) => {
    const from = pick(places, random);
    put(holder, key, structuredClone((from.holder as Record<string, unknown>)[from.key]));
  },
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
  },
  ({ holder }, _, random) => {
    if (!Array.isArray(holder)) put(holder, pick(['__proto__', 'constructor', 'unknown', ''], random), {});
  },
];

/** The document with one to four things wrong; the given one is not touched. */
export const mutated = (document: unknown, random: Random): unknown => {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  const times = 1 + Math.floor(random() * 4);
  for (let time = 0; time < times; time += 1) {
    const places = placesOf(copy);
    if (places.length > 0) pick(CHANGES, random)(pick(places, random), places, random);
  }
  return copy;
};
