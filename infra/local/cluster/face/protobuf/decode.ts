/** An object in Kubernetes' protobuf form (`application/vnd.kubernetes.protobuf`) into the JSON object that it is. */
import { unsupportedMediaType } from '../../api/errors.ts';
import { at, isObject, type JsonObject, textAt } from '../../api/json.ts';
import { type Field, MESSAGES } from './tables.ts';
import { readFields, type WireField } from './wire.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const MAGIC = Buffer.from('k8s\0');

/** The message of a kind has its name. */
const KINDS: readonly string[] = [
  'v1 Namespace',
  'v1 ConfigMap',
  'v1 Secret',
  'v1 ServiceAccount',
  'v1 Service',
  'v1 Pod',
  'apps/v1 Deployment',
  'batch/v1 Job',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
  'rbac.authorization.k8s.io/v1 ClusterRole',
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding',
  'authorization.k8s.io/v1 SelfSubjectAccessReview',
  'authentication.k8s.io/v1 SelfSubjectReview',
];

// Strict: what is no UTF-8 must not be stored as something else; a byte order mark is text like any other.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const bytesOf = (value: WireField['value']): Uint8Array => {
  if (typeof value === 'bigint') throw new Error('a number stands where bytes are expected');
  return value;
};

const numberOf = (value: WireField['value'], bits: number): number => {
  if (typeof value !== 'bigint') throw new Error('bytes stand where a number is expected');
  const number = Number(BigInt.asIntN(bits, value));
  if (!Number.isSafeInteger(number)) throw new Error('a number is too large for JSON');
  return number;
};

/** As metav1.Time is in JSON: whole seconds. The zero time is an empty message, and null there. */
const timeOf = ({ seconds }: JsonObject): string | null =>
  seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');

const decodeValue = (type: string, value: WireField['value']): unknown => {
  switch (type) {
    case 'string':
      return utf8.decode(bytesOf(value));
    case 'bytes':
      return Buffer.from(bytesOf(value)).toString('base64');
    case 'bool':
      return numberOf(value, 64) !== 0;
    case 'int32':
      return numberOf(value, 32);
    case 'int64':
      return numberOf(value, 64);
    default:
      return decodeNamed(type, bytesOf(value));
  }
};

/** The messages that are no object in JSON. */
const decodeNamed = (name: string, bytes: Uint8Array): unknown => {
  const message = decodeMessage(name, bytes);
  if (name === 'Quantity') return message['string'] ?? '';
  if (name === 'IntOrString')
    return message['type'] === 1 ? (message['strVal'] ?? '') : (message['intVal'] ?? 0);
  return name === 'Time' ? timeOf(message) : message;
};

const isZero = (value: unknown): boolean =>
  !value || (typeof value === 'object' && Object.keys(value).length === 0);

/** An encoder may leave out what is empty. */
const entryOf = (entry: unknown): [string, unknown] => [textAt(entry, 'key') ?? '', at(entry, 'value') ?? ''];

/** What a field is in JSON, from each time that it came. */
const assemble = ({ name, shape, keepsZero }: Field, values: unknown[]): JsonObject => {
  if (shape === 'list') return { [name]: values };
  if (shape === 'map') return { [name]: Object.fromEntries(values.map(entryOf)) };
  const [value] = values;
  if (values.length > 1) throw new Error(`${name}: comes ${values.length} times`);
  if (shape === 'inline') return isObject(value) ? value : {};
  return keepsZero || !isZero(value) ? { [name]: value } : {};
};

/** Says where the fault is. */
const within = <T>(where: string, run: () => T): T => {
  try {
    return run();
  } catch (cause) {
    throw new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};

/** Throws an Error that says where the bytes do not fit the message; a field that it does not have is one. */
export const decodeMessage = (message: string, bytes: Uint8Array): JsonObject => {
  const fields = MESSAGES.get(message);
  if (!fields) throw new Error(`the protobuf message ${message} is not known`);
  const decoded = [...readFields(bytes)].map(({ number, value }) => {
    const field = fields.get(number);
    if (!field) throw new Error(`the field ${number} of the protobuf message ${message} is not known`);
    return { field, value: within(field.name, () => decodeValue(field.type, value)) };
  });
  const groups = [...Map.groupBy(decoded, ({ field }) => field)];
  const parts = groups.map(([field, group]) => {
    const values = group.map(({ value }) => value);
    return assemble(field, values);
  });
  return Object.assign({}, ...parts);
};

const refuse = (what: string) =>
  unsupportedMediaType(
    `${what} in ${PROTOBUF} is not supported: send JSON or YAML ` +
      '(with kubectl: kubectl create ... --dry-run=client -o yaml | kubectl create -f -)',
  );

/** DeleteOptions are sent in the version of what is deleted. */
const isKnown = (apiVersion: string, kind: string): boolean =>
  kind === 'DeleteOptions' || KINDS.includes(`${apiVersion} ${kind}`);

/**
 * From the envelope: the four bytes `k8s\0` and a runtime.Unknown, which names the kind and holds its message.
 * Throws an ApiError 415 for a kind or an encoding that is not understood, and an Error for bytes that do not fit:
 * nothing is left out silently.
 */
export const decodeProtobuf = (body: Buffer): JsonObject => {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error('the data does not begin with the four bytes of Kubernetes protobuf');
  const { typeMeta, raw, contentEncoding, contentType } = decodeMessage(
    'Unknown',
    body.subarray(MAGIC.length),
  );
  const apiVersion = textAt(typeMeta, 'apiVersion') ?? '';
  const kind = textAt(typeMeta, 'kind') ?? '';
  if (contentEncoding !== undefined) throw refuse(`the content encoding ${contentEncoding}`);
  if (contentType !== undefined && contentType !== PROTOBUF) throw refuse(`the content type ${contentType}`);
  if (!isKnown(apiVersion, kind)) throw refuse(`${apiVersion} ${kind}`);
  return { apiVersion, kind, ...decodeMessage(kind, Buffer.from(String(raw ?? ''), 'base64')) };
};
