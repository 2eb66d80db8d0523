import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { LambdaContext } from './lambdaContext.ts';
import { setVariables } from './variables.ts';
import type { FunctionWiring } from './wiring/types.ts';

export type Handler = (event: unknown, context: LambdaContext) => unknown;

const EXTENSIONS = ['.ts', '.mts', '.mjs', '.js'];

let instances = 0;

/** A module is imported anew for each function of each machine, so that none sees what another captured. */
const moduleUrl = ({ name, handler }: FunctionWiring): string => {
  const file = EXTENSIONS.map((extension) => handler.module + extension).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`function ${name}: there is no module ${handler.module}`);
  instances += 1;
  return `${pathToFileURL(file).href}?instance=${instances}`;
};

const importHandler = async (wiring: FunctionWiring): Promise<Handler> => {
  const { name, handler } = wiring;
  const module: unknown = await import(moduleUrl(wiring)).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`function ${name} can't be loaded: ${message}`, { cause });
  });
  const exported: unknown = Reflect.get(Object(module), handler.exported);
  if (typeof exported === 'function') return exported as Handler;
  throw new Error(`function ${name}: its module does not export a function ${handler.exported}`);
};

/**
 * Imports each function's module once, one after another, each with its own variables in `process.env` and without those
 * of the others. They are taken back afterwards: a handler keeps what it read while it was loaded.
 */
export const importHandlers = async (
  functions: FunctionWiring[],
  endpointUrl: string,
): Promise<Map<string, Handler>> => {
  const environments = functions.map((wiring) => ({ wiring, own: wiring.environment(endpointUrl) }));
  const nothing = Object.fromEntries(
    environments.flatMap(({ own }) => Object.keys(own)).map((variable) => [variable, undefined]),
  );
  const handlers = new Map<string, Handler>();
  for (const { wiring, own } of environments) {
    const restore = setVariables({ ...nothing, ...own });
    try {
      handlers.set(wiring.name, await importHandler(wiring));
    } finally {
      restore();
    }
  }
  return handlers;
};
