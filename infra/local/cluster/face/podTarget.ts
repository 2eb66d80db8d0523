/** Which container of which pod a log or exec request means. */
import type { Container, Pod, Status } from '../../../../shared/model/kubernetes.ts';
import { badRequest } from '../api/errors.ts';
import { type ApiPath, parsePath } from '../api/path.ts';
import { ApiError, type KubeletEndpoint, type PodKey } from '../api/types.ts';
import type { Backend, Exchange } from './exchange.ts';

export interface PodTarget {
  kubelet: KubeletEndpoint;
  key: PodKey;
  container: string;
}

/** The path of a pod's subresource. */
export type PodPath = Required<ApiPath>;

/** `undefined` if the path is not that of a pod's subresource. */
export const podSubresource = (path: string): PodPath | undefined => {
  const parsed = parsePath(path);
  if (parsed?.group !== '' || parsed.plural !== 'pods') return undefined;
  const { namespace, name, subresource } = parsed;
  if (namespace === undefined || name === undefined || subresource === undefined) return undefined;
  return { ...parsed, namespace, name, subresource };
};

const names = (containers: Container[] = []): string[] => containers.map(({ name }) => name);

const ambiguous = (pod: Pod, containers: string[], initContainers: string[]): ApiError => {
  const init =
    initContainers.length > 0 ? ` or one of the init containers: [${initContainers.join(' ')}]` : '';
  return badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.join(' ')}]${init}`,
  );
};

/** The container asked for, or the only one; throws an ApiError 400 that names the choices. */
const chooseContainer = (pod: Pod, asked: string | null): string => {
  const containers = names(pod.spec.containers);
  const initContainers = names(pod.spec.initContainers);
  if (asked) {
    const others = names(pod.spec.ephemeralContainers);
    if ([...containers, ...initContainers, ...others].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [only] = containers;
  if (only === undefined || containers.length > 1) throw ambiguous(pod, containers, initContainers);
  return only;
};

/** As the server itself: who may run a command need not be able to read the Pod. */
const readPod = async ({ api }: Backend, path: PodPath): Promise<Pod> => {
  const answer = await api.handle({
    method: 'GET',
    path: `/api/v1/namespaces/${path.namespace}/pods/${path.name}`,
  });
  if (answer.status === 200) return answer.body as Pod;
  const { reason = '', message = '', details } = answer.body as Status;
  throw new ApiError(answer.status, reason, message, details && { ...details });
};

/** Throws an ApiError: 404 without such a pod, 400 for a pod on no node or a container it has not, 503 without a node. */
export const resolveTarget = async (
  backend: Backend,
  exchange: Exchange,
  path: PodPath,
): Promise<PodTarget> => {
  const pod = await readPod(backend, path);
  const container = chooseContainer(pod, exchange.query.get('container'));
  const { name, uid = '' } = pod.metadata;
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const kubelet = backend.kubelet();
  if (!kubelet) throw new ApiError(503, 'ServiceUnavailable', `node ${pod.spec.nodeName} is not running`);
  return { kubelet, container, key: { namespace: path.namespace, name, uid } };
};
