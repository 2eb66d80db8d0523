import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A log line as the agent delivered it. */
export interface ShippedLine {
  pod: string;
  line: string;
}

/** Every line in every topic of the sink, in the order of delivery. */
export const readSink = async (directory: string): Promise<ShippedLine[]> => {
  const topics = await readdir(directory).catch(() => []);
  const texts = await Promise.all(topics.map((topic) => readFile(join(directory, topic), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ShippedLine),
  );
};

/** The sequence number that the example's log writer puts into each line, e.g. `GET /item/42`. */
export const sequenceNumber = ({ line }: ShippedLine): number => Number(/\/item\/(\d+)/.exec(line)?.[1]);

/** Sequence numbers by Pod, in the order of delivery. */
export const numbersByPod = (lines: ShippedLine[]): Map<string, number[]> => {
  const numbers = new Map<string, number[]>();
  for (const line of lines) numbers.set(line.pod, [...(numbers.get(line.pod) ?? []), sequenceNumber(line)]);
  return numbers;
};
