/**
 * The messages of Kubernetes 1.34 that are understood, one line of text each: `<number> <JSON name> <type>, ...`.
 *
 * - The type is `string`, `bytes`, `bool`, `int32`, `int64` or the name of a message; `[]` after it: a list.
 * - `map<X>` is a map from strings, and the name of the message that its entries are.
 * - `...` as the JSON name: the message's fields stand among those of the message that holds it.
 * - `!` after the type: a zero value counts (a pointer in Go, or a field that JSON never leaves out). Without it
 *   Go sends the zero value of a field that nobody set, and leaves it out of the JSON.
 */
import { CONTAINERS } from './messages/containers.ts';
import { META } from './messages/meta.ts';
import { OBJECTS } from './messages/objects.ts';
import { PODS } from './messages/pods.ts';
import { RIGHTS } from './messages/rights.ts';
import { VOLUMES } from './messages/volumes.ts';
import { WORKLOADS } from './messages/workloads.ts';

export interface Field {
  /** The name in JSON. */
  name: string;
  type: string;
  shape: 'single' | 'list' | 'map' | 'inline';
  keepsZero: boolean;
}

/** By field number. */
export type Message = ReadonlyMap<number, Field>;

const FIELD = /^(?<number>\d+) (?<name>\S+) (?<type>[\w<>]+?)(?<list>\[\])?(?<zero>!)?$/;

const shapeOf = (name: string, type: string, isList: boolean): Field['shape'] => {
  if (name === '...') return 'inline';
  if (type.startsWith('map<')) return 'map';
  return isList ? 'list' : 'single';
};

const parseField = (text: string): [number, Field] => {
  const { number, name = '', type = '', list, zero } = FIELD.exec(text.trim())?.groups ?? {};
  if (number === undefined) throw new Error(`not a field of a protobuf message: ${text}`);
  const shape = shapeOf(name, type, list !== undefined);
  return [Number(number), { name, type, shape, keepsZero: zero !== undefined }];
};

const parseMessage = (text: string): Message => new Map(text.split(',').map(parseField));

const TABLES = { ...META, ...OBJECTS, ...CONTAINERS, ...VOLUMES, ...PODS, ...WORKLOADS, ...RIGHTS };

export const MESSAGES: ReadonlyMap<string, Message> = new Map(
  Object.entries(TABLES).map(([name, text]) => [name, parseMessage(text)]),
);
