/** Durations and ages as kubectl prints them. */

const units = (larger: number, largerUnit: string, smaller: number, smallerUnit: string): string =>
  smaller === 0 ? `${larger}${largerUnit}` : `${larger}${largerUnit}${smaller}${smallerUnit}`;

/** `90s`, `5m30s`, `47m`, `3h20m`, `30h`, `5d4h`, `400d`, `3y10d`, `9y`: two units only where the larger one is small. */
export const humanDuration = (milliseconds: number): string => {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return units(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return units(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  return humanDays(hours);
};

const humanDays = (hours: number): string => {
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return units(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  return hours < 24 * 365 * 8 ? units(years, 'y', days % 365, 'd') : `${years}y`;
};

/** The time since an RFC 3339 timestamp; `<unknown>` without one. */
export const age = (timestamp: string | null | undefined, now: Date): string => {
  if (!timestamp) return '<unknown>';
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? '<invalid>' : humanDuration(now.getTime() - then);
};
