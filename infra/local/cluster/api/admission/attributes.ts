import type { GroupVersionKind } from '../../../../../shared/model/admission.ts';
import type { Call } from '../call.ts';
import type { JsonObject } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What is asked of admission, besides the object itself. */
export interface Attributes {
  operation: Operation;
  type: ResourceType;
  kind: GroupVersionKind;
  subresource: string | undefined;
  namespace: string | undefined;
  /** Empty before a generated name is known, and for each object of a deletecollection. */
  name: string;
  oldObject: ApiObject | undefined;
  user: Call['user'];
  dryRun: boolean;
  options: JsonObject;
  /** The webhooks' warnings are added here. */
  warnings: string[];
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** What a write says about itself in its query. */
const ASKED = ['fieldManager', 'fieldValidation'] as const;

const askedOf = (call: Call): JsonObject =>
  Object.fromEntries(
    ASKED.flatMap((name) => {
      const value = call.query.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const attributesOf = (
  call: Call,
  operation: Exclude<Operation, 'CONNECT'>,
  about: { name: string; oldObject?: ApiObject; kind?: GroupVersionKind; options?: JsonObject },
): Attributes => ({
  operation,
  type: call.type,
  kind: about.kind ?? { group: call.type.group, version: call.type.version, kind: call.type.kind },
  subresource: call.subresource,
  namespace: call.namespace,
  name: about.name,
  oldObject: about.oldObject,
  user: call.user,
  dryRun: call.dryRun,
  options: {
    kind: OPTIONS[operation],
    apiVersion: 'meta.k8s.io/v1',
    ...(operation !== 'DELETE' && askedOf(call)),
    ...about.options,
    ...(call.dryRun && { dryRun: ['All'] }),
  },
  warnings: call.warnings,
});
