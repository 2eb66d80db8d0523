import type { LabelSelector } from '../../model/kubernetes.ts';
import { LABEL_NAMESPACE_NAME } from '../../model/names.ts';
import { requirements } from '../labels/selector.ts';

/** The one namespace that a selector names by its automatic label, `undefined` if it selects in another way. */
export const onlyNamespace = (selector: LabelSelector): string | undefined => {
  const [first, ...others] = requirements(selector);
  if (first === undefined || others.length > 0) return undefined;
  const { key, operator, values = [] } = first;
  return key === LABEL_NAMESPACE_NAME && operator === 'In' && values.length === 1 ? values[0] : undefined;
};
