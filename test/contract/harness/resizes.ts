/** A Pod that is resized, and what is asked for it. */
import type { Json } from './api.ts';
import { type Api, freshNamespace, pod, podsIn, type Sabotage } from './contract.ts';

export const SPEC = {
  containers: [
    {
      name: 'main',
      image: 'nginx:1',
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1' } },
    },
  ],
  initContainers: [
    { name: 'first', image: 'a', resources: { requests: { cpu: '1' } } },
    { name: 'side', image: 'a', restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
  ],
};

export const start = async (api: Api, spec: Json = SPEC) => {
  const namespace = await freshNamespace();
  const web = `${podsIn(namespace)}/web`;
  await api.surePost(podsIn(namespace), pod('web', { metadata: { labels: { app: 'web' } }, spec }));
  return {
    namespace,
    web,
    /** `spec` by a strategic patch. */
    resize: (spec: Json, metadata: Json = {}) => api.patch('strategic', `${web}/resize`, { metadata, spec }),
  };
};

export const main = (more: Json): Json => ({ containers: [{ name: 'main', ...more }] });
export const mainAsks = (requests: Json, limits: Json = {}): Json =>
  main({ resources: { requests, limits } });
export const sideAsks = (requests: Json): Json => ({
  initContainers: [{ name: 'side', resources: { requests } }],
});

export const accepting: Sabotage = {
  behaviour: 'takes everything',
  answer: (answer, { path }) => (path.endsWith('/resize') ? { ...answer, status: 200 } : answer),
};

export const byPod: Sabotage = {
  behaviour: 'takes it for a write of the Pod',
  request: (request) => ({ ...request, path: request.path.replace(/\/resize$/, '') }),
};

/** Field and message of each cause of a refusal. */
export const causesOf = ({ details }: { details?: { causes?: { field?: string; message?: string }[] } }) =>
  details?.causes?.map(({ field, message }) => [field, message]);
