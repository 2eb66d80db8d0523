/** The log agent. `agent.ts SECONDS`: how long it may drain after a SIGTERM. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentConfig, fits, readConfig } from './config.ts';
import { Checkpoint, nextBatch } from './tail.ts';

const BATCH = 10;
const EVERY = 1000;
const EVERY_WHILE_DRAINING = 50;

const root = process.env['CONTAINER_ROOT'] ?? '';
const home = `${root}/usr/local/ilogtail`;
const sink = process.env['ILOGTAIL_SINK'] ?? home;
const origin = { pod: process.env['HOSTNAME'] ?? '', image: process.env['ILOGTAIL_IMAGE'] ?? '' };
const drainSeconds = Number(process.argv[2]);

const CONFIG = `${home}/ilogtail_config.json`;
const checkpoint = new Checkpoint(`${home}/checkpoint/offsets.json`);
let shipped = 0;
/** While draining: the size that each file had at the SIGTERM. */
let ends: Map<string, number> | undefined;
let deadline = Number.POSITIVE_INFINITY;
let next: NodeJS.Timeout | undefined;

const say = (message: string): void => console.log(`ilogtail: ${message}`);

/** No file, or a directory as the kubelet makes where a subPath is missing: no configuration. */
const configText = (): string =>
  statSync(CONFIG, { throwIfNoEntry: false })?.isFile() ? readFileSync(CONFIG, 'utf8') : '';

const loadConfig = (): AgentConfig => {
  try {
    const config = readConfig(configText());
    say(`config: ${JSON.stringify(config)}`);
    return config;
  } catch (fault) {
    console.error(`ilogtail: ${CONFIG}: ${fault instanceof Error ? fault.message : String(fault)}`);
    return process.exit(1);
  }
};

const filesOf = (config: AgentConfig): string[] =>
  config.inputs.flatMap(({ directory, pattern }) => {
    const place = join(root, directory);
    if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [];
    const names = readdirSync(place).filter((name) => fits(pattern, name));
    return names.sort().map((name) => join(place, name));
  });

/** Ships one batch, first to the sink, then to the checkpoint; false when there was nothing to ship. */
const shipFrom = (config: AgentConfig, file: string): boolean => {
  const batch = nextBatch(file, checkpoint, BATCH, ends && (ends.get(file) ?? 0));
  const { lines } = batch;
  if (lines.length === 0) return false;
  const at = new Date().toISOString();
  const records = lines.map((line) => `${JSON.stringify({ ...origin, at, line })}\n`).join('');
  for (const topic of config.topics) appendFileSync(join(sink, `${topic}.jsonl`), records);
  checkpoint.move(file, batch.next);
  shipped += lines.length;
  say(`shipped ${lines.length} lines, ${shipped} in all`);
  return true;
};

const end = (why: string): never => {
  rmSync(`${home}/agent.pid`, { force: true });
  say(`${why}, ${shipped} lines shipped`);
  process.exit(0);
};

const step = (config: AgentConfig): void => {
  const draining = ends !== undefined;
  const moved = filesOf(config).some((file) => shipFrom(config, file));
  if (draining && !moved) end('drained');
  if (Date.now() >= deadline) end(`gave up after ${drainSeconds} s`);
  next = setTimeout(() => step(config), draining ? EVERY_WHILE_DRAINING : EVERY);
};

const drain = (config: AgentConfig): void => {
  if (ends !== undefined) return;
  clearTimeout(next);
  ends = new Map(filesOf(config).map((file) => [file, statSync(file).size]));
  deadline = Date.now() + drainSeconds * 1000;
  say('SIGTERM: shipping what is left');
  step(config);
};

if (!(drainSeconds >= 0)) {
  console.error(`ilogtail: ${process.argv[2]} is not a number of seconds`);
  process.exit(2);
}
say(`started, image ${origin.image}`);
mkdirSync(home, { recursive: true });
const config = loadConfig();
process.on('SIGTERM', () => drain(config));
step(config);
