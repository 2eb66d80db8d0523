/** A local image: small programs that stand in for what a registry would hold. */
export interface Image {
  /** Run when the container names no `command`. */
  entrypoint: string[];
  /** Arguments of the entrypoint when the container names neither `command` nor `args`. */
  cmd: string[];
  env: Record<string, string>;
  /** Executables: absolute path in the container -> text. */
  files: Record<string, string>;
  /** Absolute paths that belong to the image's own file system, with everything below them. */
  directories: string[];
  /** False for an image without a shell and the host's tools: nothing but its own files can be executed in it. */
  shell?: boolean;
  /** Words that are run whatever the container names as its command: the image has that program at every path. */
  atEveryPath?: string[];
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Words of a shell command that runs a TypeScript program with the Node that runs us. */
export const nodeProgram = (file: string): string => `${quoted(process.execPath)} ${quoted(file)}`;
