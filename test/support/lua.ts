/** Runs Argo CD's health check of SidecarSets as Argo CD does: Lua 5.1, with the libraries base and table only. */
import { readFile } from 'node:fs/promises';
import { lauxlib, lua, lualib } from 'lua-wasm-bindings/dist/lua.51.js';
import { LUA_OK, type LuaState } from 'lua-wasm-bindings/dist/lua.js';

export const HEALTH_SCRIPT = await readFile(
  new URL('../../infra/argocd/health.lua', import.meta.url),
  'utf8',
);

const LUA_TTABLE = 5;

export interface Health {
  status: string;
  message?: string;
}

const quoted = (text: string): string => `"${Array.from(Buffer.from(text), (byte) => `\\${byte}`).join('')}"`;

/** A JSON value in Lua's notation. A field that is null is none, as in Argo CD. */
const literal = (value: unknown): string => {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  return `{${Object.entries(value)
    .map(([key, field]) => `[${quoted(key)}]=${literal(field)}`)
    .join(',')}}`;
};

const run = (state: LuaState, chunk: string): void => {
  if (lauxlib.luaL_dostring(state, chunk) !== LUA_OK) throw new Error(lua.lua_tostring(state, -1));
};

const field = (state: LuaState, name: string): string => {
  lua.lua_getfield(state, -1, name);
  const text = lua.lua_tostring(state, -1);
  lua.lua_pop(state, 1);
  return text;
};

/** Throws what Lua raises. */
export const runHealth = (object: unknown): Health => {
  const state = lauxlib.luaL_newstate();
  try {
    lualib.luaopen_base(state);
    lualib.luaopen_table(state);
    run(state, `obj = ${literal(object)}`);
    run(state, HEALTH_SCRIPT);
    if (lua.lua_type(state, -1) !== LUA_TTABLE) throw new Error('the script returned no table');
    return { status: field(state, 'status'), message: field(state, 'message') || undefined };
  } finally {
    lua.lua_close(state);
  }
};
