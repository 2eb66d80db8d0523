/**
 * HotUpgrade: a container stands in the Pod twice, as `<name>-1` and `<name>-2`. One of them works; the other one runs
 * an empty image until an upgrade hands the work over.
 */
import type { Container, Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_VERSION,
  ANNOTATION_VERSION_ALT,
  ANNOTATION_WORKING,
  ENV_VERSION,
  ENV_VERSION_ALT,
} from '../../model/names.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { parseRecord } from '../resources/json.ts';
import { asMaps, goJson } from '../revision/goJson.ts';

type Annotations = Record<string, string>;

export const isHotUpgraded = ({ upgradeStrategy }: SidecarContainer): boolean =>
  upgradeStrategy?.upgradeType === 'HotUpgrade';

/** Names of the two containers; the first one works after the injection. */
export const twinNames = (name: string): [working: string, empty: string] => [`${name}-1`, `${name}-2`];

/** Annotations that hold a container's version and that of the other of the two. */
export const versionKeys = (container: string) => ({
  version: `${ANNOTATION_VERSION}/${container}`,
  alternative: `${ANNOTATION_VERSION_ALT}/${container}`,
});

/** Each container reads its own version and the other's from annotations that an upgrade changes. */
const withVersions = (container: Container): Container => {
  const { version, alternative } = versionKeys(container.name);
  const variable = (name: string, key: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${key}']` } },
  });
  const env = [
    ...(container.env ?? []),
    variable(ENV_VERSION, version),
    variable(ENV_VERSION_ALT, alternative),
  ];
  return { ...container, env };
};

/** The two containers in place of the one that would be injected. */
export const twins = (sidecar: SidecarContainer, container: Container): Container[] => {
  const [working, empty] = twinNames(container.name);
  return [
    withVersions({ ...container, name: working }),
    withVersions({ ...container, name: empty, image: sidecar.upgradeStrategy?.hotUpgradeEmptyImage }),
  ];
};

/** What the annotations of a fresh Pod say of the twins; entries of other containers stay. */
export const twinAnnotations = (names: string[], pod: Pod): Annotations => {
  if (names.length === 0) return {};
  const before = parseRecord(pod.metadata.annotations?.[ANNOTATION_WORKING] ?? '') ?? {};
  const working = Object.fromEntries(names.map((name) => [name, twinNames(name)[0]]));
  const versions = names.flatMap((name) => {
    const [first, second] = twinNames(name).map(versionKeys) as [
      ReturnType<typeof versionKeys>,
      ReturnType<typeof versionKeys>,
    ];
    return [
      [first.version, '1'],
      [first.alternative, '0'],
      [second.version, '0'],
      [second.alternative, '1'],
    ];
  });
  return { [ANNOTATION_WORKING]: goJson(asMaps({ ...before, ...working })), ...Object.fromEntries(versions) };
};
