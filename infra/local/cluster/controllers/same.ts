const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON with sorted keys and without undefined fields: equal text means equal on the wire. */
export const canonical = (value: unknown): string => JSON.stringify(value, sorted) ?? '';

export const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);
