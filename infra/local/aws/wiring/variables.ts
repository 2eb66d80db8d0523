/** The variables of osls: `${param:x}`, `${param:x, 'default'}`, `${self:a.b}`, `${sls:stage}`, `${aws:...}`, `${file(x.yml)}`. */

import { dirname, join } from 'node:path';
import { isRecord } from '../../../../shared/model/json.ts';
import { Cursor, WiringError } from './cursor.ts';
import { readYaml } from './yaml.ts';

export interface Sources {
  /** Path of serverless.yml. */
  file: string;
  parameters: Record<string, string>;
  stage: string;
  accountId: string;
}

/** What osls takes where the provider names none. */
export const DEFAULT_REGION = 'us-east-1';
/** A source and a colon, or `file(...)`; what CloudFormation itself fills (`${AWS::Region}`, `${Queue.Arn}`) is neither. */
const VARIABLE = /\$\{((?:file\([^)]*\)|[a-zA-Z]+:(?!:))[^${}]*)\}/g;
const NESTED = /\$\{[^{}]*\$\{/;
const FALLBACK = /^(.*?)\s*,\s*(?:'([^']*)'|"([^"]*)")$/;

const pick = (tree: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (node, key) => (isRecord(node) || Array.isArray(node) ? Reflect.get(node, key) : undefined),
      tree,
    );

const child = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Where a text with variables stands. */
interface Position {
  file: string;
  /** Within `file`. */
  path: string;
  /** Within the whole tree. */
  rooted: string;
  /** The files and references that led here; one that comes again is a circle. */
  within: readonly string[];
}

class Resolver {
  readonly includes = new Map<string, string>();
  readonly #sources: Sources;
  readonly #root: unknown;

  constructor(sources: Sources, root: unknown) {
    this.#sources = sources;
    this.#root = root;
  }

  resolve(value: unknown, position: Position): unknown {
    if (typeof value === 'string') return this.#text(value, position);
    const below = (key: string): Position => ({
      ...position,
      path: child(position.path, key),
      rooted: child(position.rooted, key),
    });
    if (Array.isArray(value)) return value.map((item, index) => this.resolve(item, below(String(index))));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.resolve(item, below(key))]),
    );
  }

  #text(text: string, position: Position): unknown {
    if (NESTED.test(text)) this.#refuse(position, 'variables within variables are not supported');
    const [match] = text.matchAll(VARIABLE);
    if (match?.[0] === text) return this.#variable(match[1] ?? '', position);
    return text.replace(VARIABLE, (_, expression: string) => {
      const value = this.#variable(expression, position);
      if (typeof value === 'object')
        this.#refuse(position, `${expression} is no text, so it must stand alone`);
      return String(value);
    });
  }

  #variable(expression: string, position: Position): unknown {
    const parts = FALLBACK.exec(expression);
    if (parts === null && expression.includes(',')) {
      this.#refuse(position, `the default of ${expression} must be a text in quotes`);
    }
    const source = parts?.[1] ?? expression;
    return (
      this.#value(source, position) ??
      parts?.[2] ??
      parts?.[3] ??
      this.#refuse(position, `${source} has no value and no default`)
    );
  }

  #value(source: string, position: Position): unknown {
    const file = /^file\(([^)]*)\)(?::(.+))?$/.exec(source);
    if (file) return this.#include(file[1] ?? '', file[2], position);
    const [kind, ...rest] = source.split(':');
    const address = rest.join(':');
    if (kind === 'param') return this.#sources.parameters[address];
    if (kind === 'self') return this.#self(address, position);
    switch (source) {
      case 'sls:stage':
        return this.#sources.stage;
      case 'aws:region':
        return this.#self('provider.region', position) ?? DEFAULT_REGION;
      case 'aws:accountId':
        return this.#sources.accountId;
      default:
        return this.#refuse(position, `the variable ${source} is not supported here`);
    }
  }

  #self(address: string, position: Position): unknown {
    if (position.within.includes(address)) this.#refuse(position, `self:${address} refers to itself`);
    const within = [...position.within, address];
    const { rooted } = position;
    return this.resolve(pick(this.#root, address), {
      file: this.#sources.file,
      path: address,
      rooted,
      within,
    });
  }

  /** Paths are relative to serverless.yml, wherever the variable stands. */
  #include(name: string, key: string | undefined, position: Position): unknown {
    if (position.within.includes(name)) this.#refuse(position, `${name} includes itself`);
    const tree = readYaml(join(dirname(this.#sources.file), name), name);
    const { rooted } = position;
    this.includes.set(rooted, key === undefined ? name : `${name}: ${key}`);
    const within = [...position.within, name];
    return this.resolve(key === undefined ? tree : pick(tree, key), {
      file: name,
      path: key ?? '',
      rooted,
      within,
    });
  }

  #refuse({ path, file }: Position, problem: string): never {
    throw new WiringError(`${file}: ${path}`, problem);
  }
}

/** The whole configuration with every variable in its place. @throws {WiringError} naming file and path */
export const resolveVariables = (sources: Sources): Cursor => {
  const root = readYaml(sources.file, sources.file);
  const resolver = new Resolver(sources, root);
  const value = resolver.resolve(root, { file: sources.file, path: '', rooted: '', within: [] });
  return new Cursor(value, resolver.includes, { file: sources.file, path: '', rooted: '' });
};
