/** What `fieldValidation` makes of fields that a kind does not have. By default they are warned about. */
import type { Call } from './call.ts';
import { lenient, type Strictness } from './decode.ts';
import { invalidPatch } from './errors.ts';
import { isObject } from './json.ts';
import type { PatchText } from './patch/patch.ts';
import { sortedJson } from './sortedJson.ts';

const sentence = (field: string): string => `unknown field "${field}"`;

const ofBody = (call: Call): Strictness => {
  const { unreadable } = lenient(call.type);
  const asked = call.query.get('fieldValidation') || 'Warn';
  return {
    unreadable,
    unknown(fields) {
      const sentences = fields.map(sentence);
      if (asked === 'Strict') throw unreadable(`strict decoding error: ${sentences.join(', ')}`);
      if (asked === 'Warn') call.warnings.push(...sentences.filter((text) => !call.warnings.includes(text)));
    },
  };
};

/** As Go prints a value with `%+v`. */
const goText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
};

/** The faults of a patched object are those of the patch. */
const ofPatch = (call: Call, patched: unknown, text: PatchText): Strictness => {
  const body = ofBody(call);
  const shown = () => (text === 'patch' ? goText(call.body) : sortedJson(patched));
  const unreadable = (why: string) => invalidPatch(shown(), why);
  return {
    unreadable,
    unknown(fields) {
      if (call.query.get('fieldValidation') !== 'Strict') return body.unknown(fields);
      throw unreadable(`strict decoding error: ${fields.map(sentence).join(', ')}`);
    },
  };
};

/** `text` says what messages show of a patch; without it the object came as it is. */
export const strictnessOf = (call: Call, object: unknown, text?: PatchText): Strictness =>
  text === undefined ? ofBody(call) : ofPatch(call, object, text);
