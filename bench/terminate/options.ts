/** What can be asked of `npm run bench:terminate`. */
import { Command, InvalidArgumentError } from 'commander';
import { WAYS, type Way } from './jobs.ts';

export interface Options {
  /** Jobs of each series, one after another. */
  jobs: number;
  /** Jobs of a further series by exec and one of native sidecars, all at once; 0 for none. */
  atOnce: number;
  ways: Way[];
  /** That a main container runs. */
  mainSeconds: number;
  /** Seconds that a Job may take. */
  patience: number;
  /** Where the figures are written as JSON. */
  json?: string;
}

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text === '' || !Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`a whole number, ${least} or more`);
    return value;
  };

const ways = (text: string): Way[] => {
  const chosen = text.split(',');
  if (!chosen.every((each): each is Way => (WAYS as readonly string[]).includes(each)))
    throw new InvalidArgumentError(`of ${WAYS.join(', ')}, parted by commas`);
  return chosen;
};

const program = new Command('bench:terminate')
  .description(
    'Measures how long sidecars outlive the main containers of Jobs, on a real control plane with the local node.',
  )
  .option('--jobs <count>', 'Jobs of each series, one after another', whole(1), 20)
  .option(
    '--at-once <count>',
    'Jobs of a further series by exec and one of native sidecars, all at once',
    whole(0),
    50,
  )
  .option('--ways <list>', 'how the sidecars end', ways, [...WAYS])
  .option('--main-seconds <seconds>', 'that a main container runs', whole(0), 1)
  .option('--patience <seconds>', 'that a Job may take', whole(1), 180)
  .option('--json <file>', 'write the figures as JSON')
  .allowExcessArguments(false);

export const readOptions = (): Options => program.parse().opts<Options>();

export interface Series {
  name: string;
  way: Way;
  jobs: number;
  /** All at once, not one after another. */
  together: boolean;
}

/** What comes first finds cold functions; the rest of the warm-up is not reported. */
export const warmUpOf = ({ ways: all }: Options): Series[] =>
  all.map((way, index) => ({
    name: index === 0 ? `${way}, first of all` : 'warm-up',
    way,
    jobs: 1,
    together: false,
  }));

/** Those that are run at once, too. */
const TOGETHER: Way[] = ['exec', 'native'];

export const seriesOf = ({ jobs, atOnce, ways: all }: Options): Series[] =>
  all.flatMap((way) => [
    { name: way, way, jobs, together: false },
    ...(TOGETHER.includes(way) && atOnce > 0
      ? [{ name: `${way}, at once`, way, jobs: atOnce, together: true }]
      : []),
  ]);
