import { packTar } from 'modern-tar';

/** A regular file, or without `data` a directory. */
export interface Entry {
  /** Relative, with `/` between parts. */
  path: string;
  mode: number;
  data?: Uint8Array;
}

const EPOCH = new Date(0);

/** A tar whose bytes depend on the entries alone: in the order given, owned by root, of 1970. */
export const archive = async (entries: Entry[]): Promise<Buffer> =>
  Buffer.from(
    await packTar(
      entries.map(({ path, mode, data }) => ({
        header: {
          name: data === undefined ? `${path}/` : path,
          type: data === undefined ? 'directory' : 'file',
          size: data?.length ?? 0,
          mode,
          mtime: EPOCH,
          uid: 0,
          gid: 0,
        },
        body: data,
      })),
    ),
  );
