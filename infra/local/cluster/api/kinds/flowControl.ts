/** FlowSchemas and PriorityLevelConfigurations: kept, but every request is served at once here. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { required, unsupportedValue } from '../errors.ts';
import { at, child, isObject, own, preset, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';

const kept: KindRules = {
  generation: true,
  unconditionalUpdate: false,
  warnings: ({ kind }) => [`${kind}: stored, but not enforced by the embedded API server`],
};

export const flowSchemaRules: KindRules = {
  ...kept,
  setDefaults: (schema) => preset(child(schema, 'spec'), 'matchingPrecedence', 1000),
  validate: (schema) =>
    textAt(schema, 'spec', 'priorityLevelConfiguration', 'name')
      ? []
      : [required('spec.priorityLevelConfiguration.name', 'must reference a priority level')],
};

const TYPES = ['Exempt', 'Limited'];

const levelCauses = (level: ApiObject): StatusCause[] => {
  const type = textAt(level, 'spec', 'type') ?? '';
  return TYPES.includes(type) ? [] : [unsupportedValue('spec.type', type, TYPES)];
};

const setLevelDefaults = (level: ApiObject): void => {
  const spec = child(level, 'spec');
  if (own(spec, 'type') !== 'Limited') return;
  const limited = child(spec, 'limited');
  preset(limited, 'nominalConcurrencyShares', 30);
  preset(limited, 'lendablePercent', 0);
  const queuing = at(limited, 'limitResponse', 'queuing');
  if (!isObject(queuing)) return;
  preset(queuing, 'queues', 64);
  preset(queuing, 'handSize', 8);
  preset(queuing, 'queueLengthLimit', 50);
};

export const priorityLevelRules: KindRules = {
  ...kept,
  setDefaults: setLevelDefaults,
  validate: levelCauses,
};
