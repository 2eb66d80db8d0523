/** Something in serverless.yml that the local machine can't take, and where it stands. */
export class WiringError extends Error {
  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.name = 'WiringError';
  }
}

/** Where included files were put: path in the whole tree -> the file's name. */
export type Includes = ReadonlyMap<string, string>;

interface Place {
  file: string;
  /** Within `file`. */
  path: string;
  /** Within the whole tree. */
  rooted: string;
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** A value of the configuration that knows where it stands, so that every refusal names file and path. */
export class Cursor {
  readonly value: unknown;
  readonly #place: Place;
  readonly #includes: Includes;

  constructor(value: unknown, includes: Includes, place: Place) {
    this.value = value;
    this.#includes = includes;
    this.#place = place;
  }

  get at(): string {
    return this.#place.path === '' ? this.#place.file : `${this.#place.file}: ${this.#place.path}`;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  refuse(problem: string): never {
    throw new WiringError(this.at, problem);
  }

  get(key: string): Cursor {
    return this.#child(key, this.fields()[key]);
  }

  entries(): [string, Cursor][] {
    return Object.entries(this.fields()).map(([key, value]) => [key, this.#child(key, value)]);
  }

  /** A list; nothing counts as an empty one. */
  items(): Cursor[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) this.refuse('must be a list');
    return this.value.map((value: unknown, index) => this.#child(String(index), value));
  }

  /** A mapping; nothing counts as an empty one. */
  fields(): Record<string, unknown> {
    if (this.isAbsent) return {};
    if (typeof this.value !== 'object' || Array.isArray(this.value)) this.refuse('must be a mapping');
    return this.value as Record<string, unknown>;
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.refuse('must be a text');
  }

  /** A whole number; numbers from parameters come as text. */
  number(fallback?: number): number {
    if (this.isAbsent && fallback !== undefined) return fallback;
    const value = typeof this.value === 'string' ? Number(this.value) : this.value;
    return typeof value === 'number' && Number.isInteger(value)
      ? value
      : this.refuse('must be a whole number');
  }

  oneOf(allowed: readonly unknown[]): void {
    if (!allowed.includes(this.value)) this.refuse(`${JSON.stringify(this.value)} is not supported here`);
  }

  /** Refuses every key but these. */
  only(...known: string[]): void {
    const unknown = Object.keys(this.fields()).find((key) => !known.includes(key));
    if (unknown !== undefined) this.refuse(`${unknown} is not supported here`);
  }

  #child(key: string, value: unknown): Cursor {
    const rooted = join(this.#place.rooted, key);
    const file = this.#includes.get(rooted);
    const place =
      file === undefined ? { ...this.#place, path: join(this.#place.path, key) } : { file, path: '' };
    return new Cursor(value, this.#includes, { ...place, rooted });
  }
}
