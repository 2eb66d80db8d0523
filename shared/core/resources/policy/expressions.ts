import type { SidecarContainer } from '../../../model/sidecarset.ts';
import type { Variable } from './expression.ts';

type Policy = NonNullable<SidecarContainer['resourcesPolicy']>;
type List = 'limits' | 'requests';

/** An expression of a policy, with what it gives: `limits.cpu`. */
export interface Written {
  list: List;
  resource: Variable;
  text: string;
  /** Its field in the SidecarSet. */
  field: string;
}

const LISTS: List[] = ['limits', 'requests'];
const RESOURCES: Variable[] = ['cpu', 'memory'];

/** The expressions that are there; an empty one counts as absent. `field` is that of the policy. */
export const expressionsOf = ({ resourcesExpr }: Policy, field: string): Written[] =>
  LISTS.flatMap((list) =>
    RESOURCES.flatMap((resource) => {
      const text = resourcesExpr?.[list]?.[resource];
      return text ? [{ list, resource, text, field: `${field}.resourcesExpr.${list}.${resource}` }] : [];
    }),
  );
