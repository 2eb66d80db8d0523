/** Keys and values of labels as `apimachinery/pkg/util/validation` wants them; each check gives its complaints. */

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const VALUE = `(${NAME})?`;
const PREFIX = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const IS_NAME = new RegExp(`^${NAME}$`);
const IS_VALUE = new RegExp(`^${VALUE}$`);
const IS_PREFIX = new RegExp(`^${PREFIX}$`);

const CHARACTERS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;

const partComplaints = (prefix: string | undefined, name: string): string[] => {
  if (prefix === '') return ['prefix part must be non-empty'];
  if (prefix !== undefined && !IS_PREFIX.test(prefix))
    return [
      "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and " +
        `must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${PREFIX}')`,
    ];
  return [
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(IS_NAME.test(name) ? [] : [`name part ${CHARACTERS}`]),
  ];
};

/** Of a label's or an annotation's key, also of a finalizer: `[prefix/]name`. */
export const keyComplaints = (key: string): string[] => {
  const parts = key.split('/');
  if (parts.length > 2)
    return [
      `a qualified name ${CHARACTERS} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  return parts.length === 2 ? partComplaints(parts[0], parts[1] ?? '') : partComplaints(undefined, key);
};

export const valueComplaints = (value: string): string[] => [
  ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
  ...(IS_VALUE.test(value)
    ? []
    : [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start " +
          "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for " +
          `validation is '(${NAME})?')`,
      ]),
];
