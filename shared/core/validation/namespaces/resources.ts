/** What a LimitRange or a ResourceQuota of a namespace would refuse of a sidecar. */
import type { LimitRange, LimitRangeItem, ResourceQuota } from '../../../model/kubernetes.ts';
import type { SidecarContainer } from '../../../model/sidecarset.ts';
import { compareQuantities } from '../../revision/quantity.ts';

type Amounts = Record<string, string> | undefined;

/** The container's resources as the LimitRanger leaves them: its defaults fill what is missing. */
interface Effective {
  limits: Record<string, string>;
  requests: Record<string, string>;
}

const effective = ({ resources }: SidecarContainer, items: LimitRangeItem[]): Effective => {
  const defaults = (key: 'default' | 'defaultRequest'): Amounts =>
    Object.assign({}, ...items.map((item) => item[key] ?? {}));
  const limits = { ...defaults('default'), ...resources?.limits };
  return { limits, requests: { ...limits, ...defaults('defaultRequest'), ...resources?.requests } };
};

const isMore = (left: string | undefined, right: string): boolean =>
  left !== undefined && (compareQuantities(left, right) ?? 0) > 0;

const entries = (amounts: Amounts): [string, string][] => Object.entries(amounts ?? {});

const outOfRange = ({ limits, requests }: Effective, { min, max }: LimitRangeItem): string[] => [
  ...entries(max).flatMap(([resource, most]) => {
    if (limits[resource] === undefined) return [`has no limit of ${resource} (at most ${most})`];
    return isMore(limits[resource], most)
      ? [`has a limit of ${limits[resource]} ${resource} (at most ${most})`]
      : [];
  }),
  ...entries(min).flatMap(([resource, least]) => {
    if (requests[resource] === undefined) return [`requests no ${resource} (at least ${least})`];
    return isMore(least, requests[resource])
      ? [`requests ${requests[resource]} ${resource} (at least ${least})`]
      : [];
  }),
];

/** `requests.cpu` and its short form `cpu`; `limits.cpu`. */
const QUOTA_KEY = /^(?:(requests|limits)\.)?(cpu|memory)$/;

const unaccounted = ({ limits, requests }: Effective, quota: ResourceQuota): string[] =>
  Object.keys(quota.spec.hard ?? {}).flatMap((key) => {
    const [, kind = 'requests', resource = ''] = QUOTA_KEY.exec(key) ?? [];
    if (resource === '') return [];
    const amounts = kind === 'limits' ? limits : requests;
    return amounts[resource] === undefined ? [`must specify ${key}`] : [];
  });

const isScoped = ({ spec }: ResourceQuota): boolean =>
  (spec.scopes?.length ?? 0) > 0 || spec.scopeSelector !== undefined;

/** Sentences that go on after the container's name. A quota with scopes counts some Pods only, and is passed over. */
export const refusedByResources = (
  container: SidecarContainer,
  limitRanges: LimitRange[],
  quotas: ResourceQuota[],
): string[] => {
  // Its resources follow from the Pod's own containers.
  if (container.resourcesPolicy) return [];
  const items = limitRanges.flatMap(({ spec }) => spec.limits).filter(({ type }) => type === 'Container');
  const resources = effective(container, items);
  return [
    ...items.flatMap((item) => outOfRange(resources, item)).map((why) => `${why} of the LimitRange`),
    ...quotas
      .filter((quota) => !isScoped(quota))
      .flatMap((quota) =>
        unaccounted(resources, quota).map((why) => `${why} for the ResourceQuota ${quota.metadata.name}`),
      ),
  ];
};
