/** Defaults of a pod's spec, also inside a template (`pkg/apis/core/v1/defaults.go`). */

import { at, child, isObject, type JsonObject, objectsAt, own, preset, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** `latest` and no tag at all are pulled always; a digest or a tag once. */
const pullPolicy = (image: string): string => {
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  return !name.includes(':') || name.endsWith(':latest') ? 'Always' : 'IfNotPresent';
};

const setProbeDefaults = (probe: unknown): void => {
  if (!isObject(probe)) return;
  preset(probe, 'timeoutSeconds', 1);
  preset(probe, 'periodSeconds', 10);
  preset(probe, 'successThreshold', 1);
  preset(probe, 'failureThreshold', 3);
  setHttpDefaults(probe);
};

const setHttpDefaults = (handler: unknown): void => {
  const request = at(handler, 'httpGet');
  if (!isObject(request)) return;
  preset(request, 'path', '/');
  preset(request, 'scheme', 'HTTP');
};

/** A container that has a limit and no request asks for the limit. */
const setRequests = (container: JsonObject): void => {
  const resources = child(container, 'resources');
  const limits = own(resources, 'limits');
  if (!isObject(limits)) return;
  const requests = child(resources, 'requests');
  for (const [name, amount] of Object.entries(limits)) preset(requests, name, amount);
};

const setContainerDefaults = (container: JsonObject): void => {
  preset(container, 'terminationMessagePath', '/dev/termination-log');
  preset(container, 'terminationMessagePolicy', 'File');
  const image = textAt(container, 'image');
  if (image !== undefined) preset(container, 'imagePullPolicy', pullPolicy(image));
  setRequests(container);
  for (const probe of PROBES) setProbeDefaults(own(container, probe));
  for (const hook of ['postStart', 'preStop']) setHttpDefaults(at(container, 'lifecycle', hook));
  for (const port of objectsAt(container, 'ports')) preset(port, 'protocol', 'TCP');
  for (const env of objectsAt(container, 'env')) {
    const fieldRef = at(env, 'valueFrom', 'fieldRef');
    if (isObject(fieldRef)) preset(fieldRef, 'apiVersion', 'v1');
  }
};

const SOURCES = ['secret', 'configMap', 'downwardAPI', 'projected'];
const NO_SOURCE = ['name'];

const setVolumeDefaults = (volume: JsonObject): void => {
  for (const source of SOURCES) {
    const found = own(volume, source);
    if (isObject(found)) preset(found, 'defaultMode', 420);
  }
  for (const item of objectsAt(volume, 'downwardAPI', 'items')) {
    const fieldRef = own(item, 'fieldRef');
    if (isObject(fieldRef)) preset(fieldRef, 'apiVersion', 'v1');
  }
  const hostPath = own(volume, 'hostPath');
  if (isObject(hostPath)) preset(hostPath, 'type', '');
  if (Object.keys(volume).every((key) => NO_SOURCE.includes(key))) volume['emptyDir'] = {};
};

export const setPodSpecDefaults = (spec: JsonObject): void => {
  preset(spec, 'restartPolicy', 'Always');
  preset(spec, 'terminationGracePeriodSeconds', 30);
  preset(spec, 'dnsPolicy', 'ClusterFirst');
  preset(spec, 'schedulerName', 'default-scheduler');
  preset(spec, 'securityContext', {});
  for (const container of objectsAt(spec, 'containers')) setContainerDefaults(container);
  for (const container of objectsAt(spec, 'initContainers')) setContainerDefaults(container);
  for (const container of objectsAt(spec, 'ephemeralContainers')) setContainerDefaults(container);
  for (const volume of objectsAt(spec, 'volumes')) setVolumeDefaults(volume);
};

/** Drops what the feature gates of 1.34 leave off (`DropDisabledPodFields`): restart policies that make no native sidecar. */
export const dropDisabledFields = (spec: JsonObject): void => {
  for (const container of objectsAt(spec, 'containers')) delete container['restartPolicy'];
  for (const container of objectsAt(spec, 'initContainers'))
    if (textAt(container, 'restartPolicy') !== 'Always') delete container['restartPolicy'];
};

/** The template of a workload, with its own defaults filled in. */
export const setTemplateDefaults = (object: ApiObject): JsonObject => {
  const template = child(child(object, 'spec'), 'template');
  setPodSpecDefaults(child(template, 'spec'));
  return template;
};
