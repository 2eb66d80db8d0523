import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField } from '../errors.ts';
import { child, copy, equal, type JsonObject, objectsAt, own, preset, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { bornWithoutCauses } from './ephemeralContainers.ts';
import { deadlineCauses, deadlineValueCauses, imageCauses, tolerationCauses } from './podChanges.ts';
import { dropDisabledFields, setPodSpecDefaults } from './podSpec.ts';
import { podSpecCauses } from './podValidation.ts';
import { qosClass } from './qos.ts';

const CHANGES_ALLOWED =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const specOf = (pod: ApiObject): JsonObject => child(pod, 'spec');

/** The spec without what an update may change. */
const fixedPart = (spec: JsonObject): JsonObject => {
  const fixed = copy(spec);
  for (const list of ['containers', 'initContainers'])
    for (const container of objectsAt(fixed, list)) delete container['image'];
  delete fixed['activeDeadlineSeconds'];
  delete fixed['tolerations'];
  return fixed;
};

const addsOrRemoves = (spec: JsonObject, old: JsonObject, list: string): boolean =>
  objectsAt(spec, list).length !== objectsAt(old, list).length;

const changeCauses = (pod: ApiObject, before: ApiObject): StatusCause[] => {
  const [spec, old] = [specOf(pod), specOf(before)];
  for (const list of ['containers', 'initContainers'])
    if (addsOrRemoves(spec, old, list))
      return [forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')];
  const others = [...imageCauses(spec), ...deadlineCauses(spec, old), ...tolerationCauses(spec, old)];
  if (others.length > 0) return others;
  return equal(fixedPart(spec), fixedPart(old)) ? [] : [forbiddenField('spec', CHANGES_ALLOWED)];
};

/** A pod that nobody runs goes at once; the others wait for the kubelet (`podStrategy.CheckGracefulDelete`). */
const gracePeriod = (pod: ApiObject, asked: number | undefined): number => {
  const phase = textAt(pod, 'status', 'phase');
  if (!textAt(pod, 'spec', 'nodeName') || phase === 'Succeeded' || phase === 'Failed') return 0;
  const usual = own(specOf(pod), 'terminationGracePeriodSeconds');
  const seconds = asked ?? (typeof usual === 'number' ? usual : 30);
  return seconds < 0 ? 1 : seconds;
};

export const podRules: KindRules = {
  statusTakesMetadata: true,
  generation: true,
  unconditionalUpdate: true,
  returnsDeleted: true,
  fields: new Map([
    ['spec.hostNetwork', ['spec', 'hostNetwork']],
    ['spec.nodeName', ['spec', 'nodeName']],
    ['spec.restartPolicy', ['spec', 'restartPolicy']],
    ['spec.schedulerName', ['spec', 'schedulerName']],
    ['spec.serviceAccountName', ['spec', 'serviceAccountName']],
    ['status.phase', ['status', 'phase']],
    ['status.podIP', ['status', 'podIP']],
    // Offered, and empty for every Pod.
    ['status.podIPs', []],
    ['status.nominatedNodeName', ['status', 'nominatedNodeName']],
  ]),
  setDefaults(pod) {
    const spec = specOf(pod);
    setPodSpecDefaults(spec);
    preset(spec, 'enableServiceLinks', true);
  },
  prepareCreate(pod) {
    const spec = specOf(pod);
    if (Number(own(spec, 'terminationGracePeriodSeconds')) < 0) spec['terminationGracePeriodSeconds'] = 1;
    dropDisabledFields(spec);
    preset(spec, 'serviceAccountName', 'default');
    preset(spec, 'serviceAccount', own(spec, 'serviceAccountName'));
    pod['status'] = { phase: 'Pending', qosClass: qosClass(spec) };
  },
  validateCreate: bornWithoutCauses,
  validate: (pod) => [...podSpecCauses(specOf(pod), 'spec'), ...deadlineValueCauses(specOf(pod))],
  validateUpdate: changeCauses,
  gracePeriod,
};
