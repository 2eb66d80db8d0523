/**
 * The types of the built-in kinds, from the OpenAPI v3 documents of Kubernetes 1.34 (a test on the real API server
 * compares them). A type is its fields, separated by commas: `name type`, where the type is followed by
 * - `*` for a required field, and `=value` for what counts where it is absent and a list is keyed by it,
 * - `[]` for an atomic list, `[=]` for a set, `[a+b]` for a list whose items are told apart by a and b,
 * - `!` for an atomic map; an atomic struct starts with `! `.
 * `map<X>` has an X for each key, `json` is any JSON, `any` the same under one owner. A type of another group is
 * written `group.Name`.
 */
import type { Field, Fields, Type } from './type.ts';
import { ADMISSIONREGISTRATION } from './types/admissionregistration.ts';
import { APIEXTENSIONS } from './types/apiextensions.ts';
import { APPS } from './types/apps.ts';
import { BATCH } from './types/batch.ts';
import { CONTAINERS } from './types/containers.ts';
import { COORDINATION } from './types/coordination.ts';
import { FLOWCONTROL } from './types/flowcontrol.ts';
import { META } from './types/meta.ts';
import { OBJECTS } from './types/objects.ts';
import { PODS } from './types/pods.ts';
import { POLICY } from './types/policy.ts';
import { RBAC } from './types/rbac.ts';
import { NODES_AND_STATUS } from './types/status.ts';
import { VOLUMES } from './types/volumes.ts';

/** By the first part of the API group. */
export const TABLES: Readonly<Record<string, Record<string, string>>> = {
  core: { ...PODS, ...CONTAINERS, ...VOLUMES, ...NODES_AND_STATUS, ...OBJECTS },
  meta: META,
  apps: APPS,
  batch: BATCH,
  apiextensions: APIEXTENSIONS,
  admissionregistration: ADMISSIONREGISTRATION,
  coordination: COORDINATION,
  flowcontrol: FLOWCONTROL,
  policy: POLICY,
  rbac: RBAC,
};

const SCALARS: readonly string[] = [
  'string',
  'int32',
  'int64',
  'double',
  'bool',
  'bytes',
  'Time',
  'MicroTime',
  'Quantity',
  'IntOrString',
];

const LIST = /^(.+)\[([^[\]]*)\]$/;
const MAP = /^map<(.+)>(!?)$/;
const FIELD = /^(\S+) ([^*=]+?(?:\[=\])?)(\*?)(?:=(.*))?$/;

const listType = (group: string, item: string, by: string): Type => {
  const relation = by === '' ? 'atomic' : by === '=' ? 'set' : 'map';
  const keys = relation === 'map' ? by.split('+') : [];
  return { is: 'list', item: readType(group, item), relation, keys };
};

const readType = (group: string, text: string): Type => {
  const list = LIST.exec(text);
  if (list) return listType(group, list[1] ?? '', list[2] ?? '');
  const map = MAP.exec(text);
  if (map) {
    const rest = readType(group, map[1] ?? '');
    return { is: 'fields', name: '', fields: new Map(), rest, atomic: map[2] === '!' };
  }
  if (text === 'json') return { is: 'free', atomic: false };
  if (text === 'any' || text === 'fields') return { is: 'free', atomic: true };
  if (SCALARS.includes(text)) return { is: 'scalar', name: text };
  const [name = '', other = group] = text.split('.').reverse();
  return namedType(other, name);
};

const presetOf = (type: Type, text: string | undefined): { preset?: string | number } => {
  if (text === undefined) return {};
  return { preset: type.is === 'scalar' && type.name.startsWith('int') ? Number(text) : text };
};

const readField = (group: string, text: string): [string, Field] => {
  const [, name, typeText, star, preset] = FIELD.exec(text) ?? [];
  if (name === undefined || typeText === undefined) throw new Error(`unreadable field "${text}" in ${group}`);
  const type = readType(group, typeText);
  return [name, { type, required: star === '*', ...presetOf(type, preset) }];
};

const known = new Map<string, Fields>();

/** Types refer to each other and to themselves, so a type is known before its fields are read. */
const namedType = (group: string, name: string): Fields => {
  const id = `${group}.${name}`;
  const found = known.get(id);
  if (found) return found;
  const text = TABLES[group]?.[name]?.trim();
  if (text === undefined) throw new Error(`there is no table for ${id}`);
  const atomic = text.startsWith('! ');
  const fields = new Map<string, Field>();
  const type: Fields = { is: 'fields', name: `v1.${name}`, group, fields, atomic };
  known.set(id, type);
  for (const field of (atomic ? text.slice(2) : text).split(/,\s+/)) {
    const [key, value] = readField(group, field);
    fields.set(key, value);
  }
  return type;
};

const tableOf = (group: string): string => (group === '' ? 'core' : (group.split('.')[0] ?? ''));

/** `undefined` for a kind that no table has. */
export const builtinType = (group: string, kind: string): Fields | undefined => {
  const table = tableOf(group);
  return Object.hasOwn(TABLES[table] ?? {}, kind) ? namedType(table, kind) : undefined;
};
