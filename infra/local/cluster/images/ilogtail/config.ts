export interface AgentConfig {
  inputs: { directory: string; pattern: string }[];
  topics: string[];
}

const DEFAULT = {
  inputs: [{ Type: 'file_log', LogPath: '/var/log/nginx', FilePattern: 'access.log' }],
  flushers: [{ Type: 'flusher_kafka', Topic: 'nginx-access-log' }],
};

type Plugin = Record<string, unknown>;

const plugins = (config: Plugin, field: string): Plugin[] => {
  const list = config[field];
  if (!Array.isArray(list) || list.length === 0) throw new Error(`${field} must be a list with an entry`);
  return list as Plugin[];
};

const text = (plugin: Plugin, where: string, field: string): string => {
  const value = plugin[field];
  if (typeof value !== 'string' || value === '') throw new Error(`${where}.${field} must be a text`);
  return value;
};

const mustBe = (type: string, plugin: Plugin, where: string): void => {
  if (plugin['Type'] !== type)
    throw new Error(`${where}.Type ${String(plugin['Type'])} is not supported, only ${type}`);
};

const faultOf = (json: string): string | undefined => {
  try {
    JSON.parse(json);
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
};

/**
 * The place of an unexpected token, which the engine's message leaves out: the end of the longest beginning of the
 * text that only lacks its rest.
 */
const tokenPosition = (json: string): number => {
  let [good, bad] = [0, json.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (faultOf(json.slice(0, middle))?.startsWith('Unexpected token')) bad = middle;
    else good = middle;
  }
  return good;
};

const parse = (json: string): unknown => {
  const fault = faultOf(json);
  if (fault === undefined) return JSON.parse(json);
  throw new Error(/ at position \d+/.test(fault) ? fault : `${fault} (at position ${tokenPosition(json)})`);
};

/** Reads `ilogtail_config.json`; an empty text stands for the defaults. Throws an Error that says what is wrong. */
export const readConfig = (json: string): AgentConfig => {
  const config = (json.trim() === '' ? DEFAULT : parse(json)) as Plugin;
  if (typeof config !== 'object' || config === null) throw new Error('an object is expected');
  const inputs = plugins(config, 'inputs').map((input, index) => {
    mustBe('file_log', input, `inputs[${index}]`);
    return {
      directory: text(input, `inputs[${index}]`, 'LogPath'),
      pattern: text(input, `inputs[${index}]`, 'FilePattern'),
    };
  });
  const topics = plugins(config, 'flushers').map((flusher, index) => {
    mustBe('flusher_kafka', flusher, `flushers[${index}]`);
    const topic = text(flusher, `flushers[${index}]`, 'Topic');
    if (!/^[\w.-]+$/.test(topic)) throw new Error(`flushers[${index}].Topic ${topic} is not a topic name`);
    return topic;
  });
  return { inputs, topics };
};

/** Whether a file name fits a pattern in which `*` stands for any letters. */
export const fits = (pattern: string, name: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
};
