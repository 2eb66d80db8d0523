/**
 * Sets of fields: trees of path elements (see element.ts). A node may be a member itself, have members below, or both
 * (`structured-merge-diff/fieldpath.Set`). A set that was handed out is never changed.
 */
export interface FieldSet {
  member: boolean;
  below: ReadonlyMap<string, FieldSet>;
}

export const EMPTY: FieldSet = { member: false, below: new Map() };

export const isEmpty = ({ member, below }: FieldSet): boolean => !member && below.size === 0;

const node = (member: boolean, below: ReadonlyMap<string, FieldSet>): FieldSet =>
  !member && below.size === 0 ? EMPTY : { member, below };

export const union = (left: FieldSet, right: FieldSet): FieldSet => {
  if (isEmpty(left)) return right;
  if (isEmpty(right)) return left;
  const below = new Map(left.below);
  for (const [element, set] of right.below) below.set(element, union(below.get(element) ?? EMPTY, set));
  return node(left.member || right.member, below);
};

const combined = (
  left: FieldSet,
  member: boolean,
  combine: (set: FieldSet, element: string) => FieldSet,
): FieldSet => {
  const below = new Map<string, FieldSet>();
  for (const [element, set] of left.below) {
    const kept = combine(set, element);
    if (!isEmpty(kept)) below.set(element, kept);
  }
  return node(member, below);
};

export const intersection = (left: FieldSet, right: FieldSet): FieldSet =>
  combined(left, left.member && right.member, (set, element) =>
    intersection(set, right.below.get(element) ?? EMPTY),
  );

/** Without the members of `right`; what is below a member stays. */
export const difference = (left: FieldSet, right: FieldSet): FieldSet =>
  isEmpty(right)
    ? left
    : combined(left, left.member && !right.member, (set, element) =>
        difference(set, right.below.get(element) ?? EMPTY),
      );

/** Without the members of `right` and everything below them. */
export const without = (left: FieldSet, right: FieldSet): FieldSet =>
  combined(left, left.member && !right.member, (set, element) => {
    const gone = right.below.get(element) ?? EMPTY;
    return gone.member ? EMPTY : without(set, gone);
  });

/** A set that is still being filled. */
export interface Builder {
  add(path: readonly string[]): void;
  set(): FieldSet;
}

interface Draft {
  member: boolean;
  below: Map<string, Draft>;
}

export const createBuilder = (): Builder => {
  const root: Draft = { member: false, below: new Map() };
  return {
    add(path) {
      let place = root;
      for (const element of path) {
        const next = place.below.get(element) ?? { member: false, below: new Map() };
        place.below.set(element, next);
        place = next;
      }
      // Nobody owns the whole object.
      if (place !== root) place.member = true;
    },
    set: () => root,
  };
};

export const setOf = (...paths: string[][]): FieldSet => {
  const builder = createBuilder();
  for (const path of paths) builder.add(path);
  return builder.set();
};
