import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { invalid, required } from './cause.ts';
import { validateContainers } from './containers.ts';
import { validateSelector } from './selectors.ts';
import { unsupported } from './unsupported.ts';
import { validateUpdateStrategy } from './updateStrategy.ts';

const NAME = /^[A-Za-z0-9-]{1,63}$/;

/** The name becomes a label value and part of annotation keys' JSON, so no dots. */
const metadata = ({ metadata: { name } }: SidecarSet): StatusCause[] => {
  if (!name) return [required('metadata.name')];
  return NAME.test(name) ? [] : [invalid('metadata.name', 'must be at most 63 of letters, digits and -')];
};

const selectors = ({ spec: { selector, namespaceSelector } }: SidecarSet): StatusCause[] => [
  ...(selector ? validateSelector(selector, 'spec.selector') : [required('spec.selector')]),
  ...(namespaceSelector ? validateSelector(namespaceSelector, 'spec.namespaceSelector') : []),
];

/** Every reason to refuse a defaulted SidecarSet by itself; empty if there is none. */
export const validateSidecarSet = (set: SidecarSet): StatusCause[] => [
  ...metadata(set),
  ...selectors(set),
  ...validateUpdateStrategy(set.spec.updateStrategy),
  ...validateContainers(set.spec),
  ...unsupported(set),
];
