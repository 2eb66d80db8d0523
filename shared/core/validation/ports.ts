/** Ports of containers, by number and by name (`validateContainerPorts` of Kubernetes). */
import type { Container, StatusCause } from '../../model/kubernetes.ts';
import { invalid, notOneOf, required } from './cause.ts';
import { repeated } from './repeated.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const NUMBER = 'must be between 1 and 65535, inclusive';
const NAME = 'must be at most 15 of a-z, 0-9 and -, with a letter, no - at the ends and no two side by side';

const isNumber = (port: number): boolean => port >= 1 && port <= 65_535;

/** IANA's service names. */
const isName = (name: string): boolean =>
  name.length <= 15 &&
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) &&
  /[a-z]/.test(name) &&
  !name.includes('--');

export const portNumber = (port: number | undefined, field: string): StatusCause[] => {
  if (port === undefined) return [required(field)];
  return isNumber(port) ? [] : [invalid(field, NUMBER)];
};

/** A number, or the name of a port. */
export const portReference = (port: number | string | undefined, field: string): StatusCause[] => {
  if (typeof port !== 'string') return portNumber(port, field);
  return isName(port) ? [] : [invalid(field, NAME)];
};

export const validatePorts = ({ ports = [] }: Container, field: string): StatusCause[] => [
  ...ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
    const at = `${field}.ports[${index}]`;
    return [
      ...(!name || isName(name) ? [] : [invalid(`${at}.name`, NAME)]),
      ...portNumber(containerPort || undefined, `${at}.containerPort`),
      ...(hostPort ? portNumber(hostPort, `${at}.hostPort`) : []),
      ...(!protocol || PROTOCOLS.includes(protocol as 'TCP')
        ? []
        : [notOneOf(`${at}.protocol`, protocol, PROTOCOLS)]),
    ];
  }),
  ...repeated(
    ports.map(({ name }) => name),
    (index) => `${field}.ports[${index}].name`,
  ),
];
