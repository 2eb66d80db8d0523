/** Literal values in a container's environment that look like secrets: anybody who may read the SidecarSet or a Pod sees them. */
import type { EnvVar } from '../../model/kubernetes.ts';
import type { SidecarSetSpec } from '../../model/sidecarset.ts';

/** Words of a name, parted by anything but letters and digits, or by a change to upper case. */
const words = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

const SECRET = new Set([
  'password',
  'passwd',
  'pwd',
  'secret',
  'token',
  'credential',
  'credentials',
  'apikey',
]);
const SECRET_PAIRS = [
  ['access', 'key'],
  ['api', 'key'],
  ['private', 'key'],
  ['secret', 'key'],
] as const;
/** `TOKEN_FILE`, `ACCESS_KEY_ID`, `SECRET_NAME`: where a secret is, not what. */
const PLACE = new Set([
  'file',
  'path',
  'dir',
  'name',
  'id',
  'url',
  'uri',
  'host',
  'endpoint',
  'ttl',
  'expiry',
  'type',
]);

const namesSecret = (name: string): boolean => {
  const all = words(name);
  if (PLACE.has(all.at(-1) ?? '')) return false;
  return (
    all.some((word) => SECRET.has(word)) ||
    SECRET_PAIRS.some(([first, second]) => all.some((word, at) => word === first && all[at + 1] === second))
  );
};

/** A value that can't be one: empty, a switch, a number, or filled in from elsewhere. */
const isHarmless = (value: string): boolean =>
  value.trim() === '' || /^(true|false|yes|no|on|off|none|null|-?\d{1,6}|\$\(.*\))$/i.test(value);

const KNOWN_FORMS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^AKIA[0-9A-Z]{16}$/,
  /^gh[pousr]_\w{36,}$/,
  /^LTAI\w{12,}$/,
];

const looksSecret = ({ name, value }: EnvVar): boolean =>
  value !== undefined &&
  !isHarmless(value) &&
  (namesSecret(name) || KNOWN_FORMS.some((form) => form.test(value)));

/** A sentence for each such variable, by field; never the value. */
export const secretWarnings = (spec: SidecarSetSpec): string[] =>
  (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ env = [] }, at) =>
      env.flatMap((variable, index) =>
        looksSecret(variable)
          ? [
              `spec.${list}[${at}].env[${index}]: ${variable.name} looks like a secret given literally; ` +
                'take it from a Secret (valueFrom.secretKeyRef)',
            ]
          : [],
      ),
    ),
  );
