/** Deployments and ReplicaSets. */
import { selects } from '../../../../../shared/core/labels/selector.ts';
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { immutable, invalidValue, required } from '../errors.ts';
import { at, child, equal, isObject, own, preset } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { setTemplateDefaults } from './podSpec.ts';
import { podSpecCauses } from './podValidation.ts';
import { labelsOf, selectorOf } from './selectorOf.ts';

const selectorCauses = (object: ApiObject): StatusCause[] => {
  const selector = at(object, 'spec', 'selector');
  if (!isObject(selector) || Object.keys(selector).length === 0) return [required('spec.selector')];
  const labels = at(object, 'spec', 'template', 'metadata', 'labels');
  if (selects(selectorOf(selector), labelsOf(labels))) return [];
  const why = '`selector` does not match template `labels`';
  return [invalidValue('spec.template.metadata.labels', labels, why)];
};

const templateCauses = (object: ApiObject): StatusCause[] =>
  podSpecCauses(child(child(child(object, 'spec'), 'template'), 'spec'), 'spec.template.spec', ['Always']);

const selectorStays = (object: ApiObject, old: ApiObject): StatusCause[] => {
  const selector = at(object, 'spec', 'selector');
  return equal(selector, at(old, 'spec', 'selector')) ? [] : [immutable('spec.selector', selector)];
};

const shared = {
  generation: true,
  unconditionalUpdate: true,
  validate: (object: ApiObject) => [...selectorCauses(object), ...templateCauses(object)],
  validateUpdate: selectorStays,
};

const setStrategyDefaults = (deployment: ApiObject): void => {
  const strategy = child(child(deployment, 'spec'), 'strategy');
  preset(strategy, 'type', 'RollingUpdate');
  if (own(strategy, 'type') !== 'RollingUpdate') return;
  const rolling = child(strategy, 'rollingUpdate');
  preset(rolling, 'maxUnavailable', '25%');
  preset(rolling, 'maxSurge', '25%');
};

export const deploymentRules: KindRules = {
  ...shared,
  setDefaults(deployment) {
    setTemplateDefaults(deployment);
    const spec = child(deployment, 'spec');
    preset(spec, 'replicas', 1);
    preset(spec, 'revisionHistoryLimit', 10);
    preset(spec, 'progressDeadlineSeconds', 600);
    setStrategyDefaults(deployment);
  },
  prepareCreate(deployment) {
    deployment['status'] = {};
  },
};

export const replicaSetRules: KindRules = {
  ...shared,
  setDefaults(replicaSet) {
    setTemplateDefaults(replicaSet);
    preset(child(replicaSet, 'spec'), 'replicas', 1);
  },
  prepareCreate(replicaSet) {
    replicaSet['status'] = { replicas: 0 };
  },
};
