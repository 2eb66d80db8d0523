/** `sidecarset exit-image`: from manifests to the archive of an image that ends their sidecars. */
import { writeFile } from 'node:fs/promises';
import { exitImage, PLATFORMS } from '../infra/exit-image/image.ts';
import { planExitImage } from '../infra/exit-image/plan.ts';
import { fullName } from '../infra/exit-image/reference.ts';
import { UserFacingError } from './failure.ts';
import { readManifests } from './manifests.ts';

export interface ExitImageOptions {
  filename: string[];
  output: string;
  /** Instead of the names in the manifests. */
  name?: string;
}

const STANDARD_INPUT = '-';

const objectsOf = async (file: string) => {
  const manifests = await readManifests(file === STANDARD_INPUT ? '/dev/stdin' : file);
  return manifests.map((object) => ({
    object,
    place: `${file}: ${object.kind} ${object.metadata.name ?? object.metadata.generateName}`,
  }));
};

const givenName = (name: string): string => {
  const full = fullName(name);
  if (full === undefined) throw new UserFacingError(`--name: "${name}" is not the name of an image`);
  return full;
};

/** A digest in a name is a promise about the bytes. */
const keepPromises = (names: string[], digest: string): void => {
  const broken = names.find((name) => name.includes('@') && !name.endsWith(`@${digest}`));
  if (broken !== undefined) {
    throw new UserFacingError(
      `${broken}: the image for these files is ${digest}: give every file that it is for, or correct the digest`,
    );
  }
};

const write = (output: string, data: Buffer): Promise<void> =>
  writeFile(output, data).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'no such directory' : cause.message;
    throw new UserFacingError(`--output ${output}: can't be written: ${why}`, { cause });
  });

const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Without the options skopeo copies this machine's platform alone, and may compress anew. crane reads directories only. */
const nextSteps = (output: string, names: string[]): string[] => {
  const file = quoted(output);
  const [first = '', ...more] = names;
  return [
    'To a registry:',
    ...names.map(
      (name) => `  skopeo copy --all --preserve-digests oci-archive:${file}:${name} docker://${name}`,
    ),
    ...(more.length === 0
      ? [`  or: mkdir exit-image && tar -xf ${file} -C exit-image && crane push exit-image ${first}`]
      : []),
    'To a node with containerd:',
    `  ctr -n k8s.io images import ${file}`,
  ];
};

/** Rejects with a UserFacingError that has a line for each fault, and then writes nothing. */
export const buildExitImage = async (
  { filename, output, name }: ExitImageOptions,
  print: (line: string) => void,
): Promise<void> => {
  const objects = (await Promise.all(filename.map(objectsOf))).flat();
  const plan = planExitImage(objects);
  if (plan.faults.length > 0) throw new UserFacingError(plan.faults.join('\n       '));
  const names = name === undefined ? plan.names : [givenName(name)];
  const { data, digest } = await exitImage(plan.programs, names);
  keepPromises(names, digest);
  await write(output, data);
  print(`${output}  ${data.length} bytes`);
  print(`  digest     ${digest}`);
  print(`  platforms  ${PLATFORMS.join(', ')}`);
  print(`  names      ${names.join(', ')}`);
  print(`  programs   ${plan.programs.join(', ')}`);
  print('');
  for (const line of nextSteps(output, names)) print(line);
};
