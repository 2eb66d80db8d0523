import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { immutable, invalidValue } from '../errors.ts';
import { at, child, equal, type JsonObject, own, preset } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { setTemplateDefaults } from './podSpec.ts';
import { podSpecCauses } from './podValidation.ts';
import { labelsOf } from './selectorOf.ts';

const setCountDefaults = (spec: JsonObject): void => {
  if (own(spec, 'completions') === undefined && own(spec, 'parallelism') === undefined)
    spec['completions'] = 1;
  preset(spec, 'parallelism', 1);
  preset(spec, 'backoffLimit', 6);
};

/** The labels by which a Job finds its pods, written by the server unless `manualSelector` is set. */
const generateSelector = (job: ApiObject): void => {
  const spec = child(job, 'spec');
  if (own(spec, 'manualSelector') === true) return;
  const { uid = '', name } = job.metadata;
  const labels = child(child(child(spec, 'template'), 'metadata'), 'labels');
  Object.assign(labels, {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  });
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
};

const countCauses = (job: ApiObject): StatusCause[] =>
  ['completions', 'parallelism', 'backoffLimit'].flatMap((field) => {
    const value = at(job, 'spec', field);
    const right = value === undefined || (Number.isInteger(value) && Number(value) >= 0);
    return right ? [] : [invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0')];
  });

const IMMUTABLE = ['template', 'selector', 'completions', 'completionMode'];

export const jobRules: KindRules = {
  generation: true,
  unconditionalUpdate: true,
  orphansDependents: true,
  fields: new Map([['status.successful', ['status', 'succeeded']]]),
  setDefaults(job) {
    const template = setTemplateDefaults(job);
    const spec = child(job, 'spec');
    setCountDefaults(spec);
    preset(spec, 'completionMode', 'NonIndexed');
    preset(spec, 'suspend', false);
    preset(spec, 'manualSelector', false);
    preset(spec, 'podReplacementPolicy', 'TerminatingOrFailed');
    const labels = labelsOf(at(template, 'metadata', 'labels'));
    if (job.metadata.labels === undefined && Object.keys(labels).length > 0) job.metadata.labels = labels;
  },
  prepareCreate(job) {
    job['status'] = {};
    generateSelector(job);
  },
  validate: (job) => [
    ...countCauses(job),
    ...podSpecCauses(child(child(child(job, 'spec'), 'template'), 'spec'), 'spec.template.spec', [
      'OnFailure',
      'Never',
    ]),
  ],
  validateUpdate: (job, old) =>
    IMMUTABLE.flatMap((field) => {
      const value = at(job, 'spec', field);
      return equal(value, at(old, 'spec', field)) ? [] : [immutable(`spec.${field}`, value)];
    }),
};
