/** Formats of strings that a CustomResourceDefinition's schema can ask for; any other is ignored. */
import { isIPv4, isIPv6 } from 'node:net';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|([+-]\d{2}:\d{2}))$/;
const HOSTNAME =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const UNITS = 'ns|us|µs|ms|s|m|h';
const GO_DURATION = new RegExp(`^[-+]?(0|((\\d+(\\.\\d*)?|\\.\\d+)(${UNITS}))+)$`);
const WORDY_DURATION =
  /\d+\s*(ns|nano\w*|us|µs|micro\w*|ms|milli\w*|s|sec\w*|m|min\w*|h|hr|hour\w*|d|day\w*|w|week\w*)(?![A-Za-zµ])/i;
const SHORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONG_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const isDate = (text: string): boolean => {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const isDateTime = (text: string): boolean => {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const match = TIME.exec(time);
  if (!match || !isDate(date)) return false;
  const [hours = '', minutes = '', seconds = ''] = match.slice(1);
  return hours <= '23' && minutes <= '59' && seconds <= '59';
};

const isCidr = (text: string): boolean => {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const longest = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
};

const isHostname = (text: string): boolean =>
  HOSTNAME.test(text) && text.length <= 255 && text.split('.').every((label) => label.length <= 63);

const isUri = (text: string): boolean => text.startsWith('/') || URL.canParse(text);

const isUuid = (version: string, variant: string) => {
  const pattern = `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`;
  const expression = new RegExp(pattern, 'i');
  return (text: string) => expression.test(text);
};

const ANY = '[0-9a-f]';

const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['byte', (text: string) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)],
  ['cidr', isCidr],
  ['date', isDate],
  ['datetime', isDateTime],
  ['duration', (text: string) => GO_DURATION.test(text) || WORDY_DURATION.test(text)],
  ['email', (text: string) => /^[^\s@<>]+@[^\s@<>]+$/.test(text)],
  ['hostname', isHostname],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['k8sshortname', (text: string) => text.length <= 63 && SHORT_NAME.test(text)],
  ['k8slongname', (text: string) => text.length <= 253 && LONG_NAME.test(text)],
  ['mac', (text: string) => /^([0-9a-f]{2}[:-]){5}([0-9a-f]{2})$/i.test(text)],
  ['password', () => true],
  ['uri', isUri],
  ['uuid', isUuid(ANY, ANY)],
  ['uuid3', isUuid('3', ANY)],
  ['uuid4', isUuid('4', '[89ab]')],
  ['uuid5', isUuid('5', '[89ab]')],
]);

/** Kubernetes checks them; this API server does not. */
const NOT_DONE = ['bsonobjectid', 'isbn', 'isbn10', 'isbn13', 'creditcard', 'ssn', 'hexcolor', 'rgbcolor'];

/** A format counts without its dashes. */
const plain = (format: string): string => format.replaceAll('-', '');

export const isUnsupportedFormat = (format: string): boolean => NOT_DONE.includes(plain(format));
export const isKnownFormat = (format: string): boolean => CHECKS.has(plain(format));
export const hasFormat = (text: string, format: string): boolean => CHECKS.get(plain(format))?.(text) ?? true;

/** The format that a value has by itself, as messages about a wrong type name it. */
export const formatOf = (value: unknown): string => {
  if (typeof value !== 'number') return '';
  return Number.isInteger(value) ? 'int64' : 'double';
};
