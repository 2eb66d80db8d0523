/** One claim about the run and whether it held. */
export interface Check {
  /** A sentence that is true when `ok`. */
  name: string;
  ok: boolean;
  /** The figures behind the verdict. */
  detail: string;
}

export interface TimelineEntry {
  /** RFC 3339 with milliseconds. */
  at: string;
  pod: string;
  container: string;
  what: string;
}

/** What `--report FILE` writes. */
export interface Report {
  checks: Check[];
  timeline: TimelineEntry[];
}
