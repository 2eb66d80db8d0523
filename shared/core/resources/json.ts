import { isRecord } from '../../model/json.ts';

/** The object in a JSON text (an annotation, a condition's message), `undefined` if it holds none. */
export const parseRecord = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
