/** CloudFormation's `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` over the resources that exist here. */
import type { Cursor } from './cursor.ts';

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export interface LocalResource {
  ref: string;
  attributes: Record<string, string>;
}

export interface Template {
  resources: ReadonlyMap<string, LocalResource>;
  /** `AWS::Region` and the like. */
  pseudo: Record<string, string>;
}

const ref = (name: string, { resources, pseudo }: Template, at: Cursor): string =>
  resources.get(name)?.ref ?? pseudo[name] ?? at.refuse(`no ${name} to refer to here`);

const attribute = (resource: string, name: string, { resources }: Template, at: Cursor): string =>
  resources.get(resource)?.attributes[name] ?? at.refuse(`no ${resource}.${name} to refer to here`);

/** `!GetAtt A.B` or its list form. */
const getAtt = (cursor: Cursor, template: Template): string => {
  const [resource, name, ...more] =
    typeof cursor.value === 'string'
      ? cursor.value.split('.')
      : cursor.items().map((item) => resolveText(item, template));
  if (resource === undefined || name === undefined || more.length > 0) {
    return cursor.refuse('must be a resource and an attribute');
  }
  return attribute(resource, name, template, cursor);
};

const sub = (cursor: Cursor, template: Template): string =>
  cursor.text().replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const [resource = '', name] = expression.split('.');
    return name === undefined ? ref(resource, template, cursor) : attribute(resource, name, template, cursor);
  });

const joined = (cursor: Cursor, template: Template): string => {
  const [separator, parts, ...more] = cursor.items();
  if (separator === undefined || parts === undefined || more.length > 0) {
    return cursor.refuse('must be a separator and a list');
  }
  return parts
    .items()
    .map((part) => resolveText(part, template))
    .join(String(separator.value));
};

const INTRINSICS: Record<string, (argument: Cursor, template: Template) => string> = {
  Ref: (cursor, template) => ref(cursor.text(), template, cursor),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': joined,
};

/** A text, or what an intrinsic function makes of it; numbers and booleans count as text. */
export const resolveText = (cursor: Cursor, template: Template): string => {
  const { value } = cursor;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const [entry, ...more] = cursor.entries();
  if (entry === undefined || more.length > 0)
    return cursor.refuse('must be a text or one intrinsic function');
  const [name, argument] = entry;
  const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
  return intrinsic ? intrinsic(argument, template) : cursor.refuse(`${name} is not supported here`);
};
