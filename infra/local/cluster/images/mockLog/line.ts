const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Aug/2026:10:00:00 +0000`, as nginx writes `$time_local`. */
const localTime = (at: Date): string => {
  const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 19)];
  const [year, , date] = day.split('-');
  return `${date}/${MONTHS[at.getUTCMonth()]}/${year}:${time} +0000`;
};

/** The `sequence`th line (from 1) of an access log; `host` makes it the Pod's own. */
export const accessLine = (sequence: number, host: string, at: Date): string => {
  const client = `10.0.${sequence % 4}.${(sequence * 37) % 254}`;
  const size = 180 + ((sequence * 271) % 4096);
  return `${client} - - [${localTime(at)}] "GET /item/${sequence} HTTP/1.1" 200 ${size} "-" "mock_log (${host})"`;
};
