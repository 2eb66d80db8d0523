/** What the API server knows about one served version of a resource. */
import type { StatusCause } from '../../../../shared/model/kubernetes.ts';
import type { ApiObject } from './objects.ts';
import type { Schema } from './structural/schema.ts';
import type { RegisteredResource } from './types.ts';

/** The rules of a kind. Every function but the validations may change its first argument, which is its own copy. */
export interface KindRules {
  /** Whether `metadata.generation` is kept. */
  generation: boolean;
  /** PUT without a resourceVersion is allowed. */
  unconditionalUpdate: boolean;
  /** Names are RFC 1123 labels; by default they are subdomains. */
  labelNames?: true;
  /** Names of another form. */
  nameCauses?(field: string, name: string): StatusCause[];
  /** A write of the status may change labels, annotations and finalizers as well. */
  statusTakesMetadata?: true;
  /** The garbage collector watches the kind: it can be deleted in the foreground, or without its dependents. */
  collected?: true;
  /** A DELETE that does not say what becomes of dependents leaves them. */
  orphansDependents?: true;
  /** DELETE answers with the object in place of a Status. */
  returnsDeleted?: boolean;
  /** What the decoder fills in; runs again after each mutating webhook. */
  setDefaults?(object: ApiObject): void;
  /** Runs once name, uid and creationTimestamp are set. */
  prepareCreate?(object: ApiObject): void;
  prepareUpdate?(object: ApiObject, old: ApiObject): void;
  validate?(object: ApiObject): StatusCause[];
  /** What a writer is told beside the answer. */
  warnings?(object: ApiObject): string[];
  /** Besides `validate`, only for a new object. */
  validateCreate?(object: ApiObject): StatusCause[];
  validateUpdate?(object: ApiObject, old: ApiObject): StatusCause[];
  /** For a write of the status. */
  validateStatus?(object: ApiObject, old: ApiObject): StatusCause[];
  /** Finalizers that a DELETE adds before it takes effect. */
  finalizers?: readonly string[];
  /** Whole seconds that the object outlives its DELETE; `asked` is the caller's gracePeriodSeconds. */
  gracePeriod?(object: ApiObject, asked: number | undefined): number;
  /** Field selectors beyond metadata.name and metadata.namespace; an absent field is ''. */
  fields?: ReadonlyMap<string, readonly string[]>;
}

/** Where objects of other versions are converted. Without it only `apiVersion` changes. */
export interface ConversionWebhook {
  url: string;
  /** Base64 of PEM. */
  caBundle?: string;
}

export interface ResourceType extends RegisteredResource {
  rules: KindRules;
  /** A custom resource: kept as it came, patched by merge or JSON patch only, generation counts all but metadata. */
  custom: boolean;
  /** The version in the store. */
  storageVersion: string;
  conversion?: ConversionWebhook;
  /** Of a custom resource: the schemas of all its versions, by name. */
  schemas?: ReadonlyMap<string, Schema>;
  /** A custom resource whose definition is being deleted: nothing new is taken. */
  terminating?: true;
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** One store section for all versions of a resource. */
export const sectionOf = ({ group, plural }: { group: string; plural: string }): string =>
  `${group}/${plural}`;

export const hasStatus = (type: ResourceType): boolean => type.subresources.includes('status');

/** The schema of the version that the type is in; undefined for what is built in. */
export const schemaOf = ({ version, schemas }: ResourceType): Schema | undefined => schemas?.get(version);

/** The same resource in the version that is stored. */
export const storedType = (type: ResourceType): ResourceType => ({ ...type, version: type.storageVersion });
