/** JSON merge patch (RFC 7386) on texts, as Go does it: numbers stay as they are written, keys come out sorted, `<>&` escaped. */
import { isRecord } from '../../model/json.ts';
import { goJson, Literal } from '../revision/goJson.ts';

type Source = { source?: string };

/** Maps for objects, so that no key (`__proto__`) means anything. */
const kept = (_key: string, value: unknown, { source = '' }: Source = {}): unknown => {
  if (typeof value === 'number') return new Literal(source);
  return isRecord(value) && !(value instanceof Literal) ? new Map(Object.entries(value)) : value;
};

/** `undefined` if the text is no JSON. Needs the engine's access to the source text (Node 22 and later). */
const parsed = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text, kept) };
  } catch {
    return undefined;
  }
};

const merged = (target: unknown, patch: unknown): unknown => {
  if (!(patch instanceof Map)) return patch;
  const result = new Map<string, unknown>(target instanceof Map ? target : []);
  for (const [key, value] of patch) {
    if (value === null) result.delete(key);
    else result.set(key, merged(result.get(key), value));
  }
  return result;
};

/** Whether a text can be a patch: it must be a JSON object. */
export const isMergePatch = (text: string): boolean => parsed(text)?.value instanceof Map;

/**
 * The patched text. Where there is no object to merge into (nothing, an empty text, another value), the patch's own
 * text, unchanged. `undefined` if one of the texts is no JSON, or the patch no object.
 */
export const mergePatchText = (target: string | undefined, patch: string): string | undefined => {
  const change = parsed(patch)?.value;
  if (!(change instanceof Map)) return undefined;
  if (!target) return patch;
  const before = parsed(target);
  if (before === undefined) return undefined;
  return before.value instanceof Map ? goJson(merged(before.value, change)) : patch;
};
