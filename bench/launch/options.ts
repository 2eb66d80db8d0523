/** What can be asked of `npm run bench:launch`. */
import { Command, InvalidArgumentError } from 'commander';

/** `alone`: a watch calls `launch` through its queue; `bus`: the API server calls `observe`, and so on. */
export const PATHS = ['alone', 'bus'] as const;
export type Path = (typeof PATHS)[number];

export interface Options {
  paths: Path[];
  /** Pods of a series one after another. */
  pods: number;
  /** Pods of the series all at once. */
  atOnce: number;
  /** Processes of `launch` in the path `alone`. */
  environments: number;
  /** Connections of the kubelet, and of who creates the Pods. */
  workers: number;
  /** Seconds that a series may take. */
  patience: number;
  /** Where the figures are written as JSON. */
  json?: string;
}

/** Pods of so many start levels. */
export interface Series {
  name: string;
  pods: number;
  levels: number;
  together: boolean;
}

const whole = (text: string): number => {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number, 1 or more');
  return value;
};

const paths = (text: string): Path[] => {
  const chosen = text.split(',');
  if (!chosen.every((each): each is Path => (PATHS as readonly string[]).includes(each)))
    throw new InvalidArgumentError(`of ${PATHS.join(', ')}, parted by commas`);
  return chosen;
};

const program = new Command('bench:launch')
  .description('Measures how fast start levels open, on a real API server with a kubelet that only reports.')
  .option('--paths <list>', `of ${PATHS.join(', ')}`, paths, [...PATHS])
  .option('--pods <count>', 'Pods of each series, one after another', whole, 40)
  .option('--at-once <count>', 'Pods of a further series, all at once', whole, 300)
  .option('--environments <count>', 'processes of launch where it is measured alone', whole, 2)
  .option('--workers <count>', 'connections of the kubelet, and of who creates Pods', whole, 16)
  .option('--patience <seconds>', 'that a series may take', whole, 300)
  .option('--json <file>', 'write the figures as JSON')
  .allowExcessArguments(false);

export const readOptions = (): Options => program.parse().opts<Options>();

/** The first warms processes and connections up, and is not reported. */
export const seriesOf = ({ pods, atOnce }: Options): [Series, ...Series[]] => [
  { name: 'warm-up', pods: 20, levels: 2, together: true },
  { name: 'two levels, one by one', pods, levels: 2, together: false },
  { name: 'three levels, one by one', pods, levels: 3, together: false },
  { name: 'two levels, at once', pods: atOnce, levels: 2, together: true },
];
