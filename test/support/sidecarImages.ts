/**
 * Images of sidecars that end in different ways, for `createImages({ more: sidecarImages })`. Each says `up` once it is
 * ready for signals, then copies the lines of `/shared/lines` to its log, about once a second (or every `COPY_SECONDS`) and
 * a last time on SIGTERM.
 */
import type { Image } from '../../infra/local/cluster/images/image.ts';

const PROGRAM = '/sidecar';

/** References by what the sidecar does about SIGTERM. */
export const SIDECARS = {
  /** Copies what is left, then exits 0. */
  exits0: 'test/sidecar:exits-0',
  /** The same with exit code 143. */
  exits143: 'test/sidecar:exits-143',
  /** The same as `exits0`, in an image in which nothing else can be executed. */
  noShell: 'test/sidecar:no-shell',
  /** No handler: as process 1 it never gets it. */
  noHandler: 'test/sidecar:no-handler',
  /** A handler that goes on. */
  ignoresTerm: 'test/sidecar:ignores-term',
  /** Exits by itself. Arguments: milliseconds (1000), exit code (3). */
  crashes: 'test/sidecar:crashes',
} as const;

/** A trap only notes the signal: one that copied could come between reading a line and writing it. */
const copying = (onTerm: string, end = 'exit 0'): string => `#!/bin/sh
PATH=/usr/bin:/bin
lines="$CONTAINER_ROOT/shared/lines"
copy() {
  [ -e "$lines" ] || return 0
  [ -n "$opened" ] || { exec 3<"$lines"; opened=yes; }
  while IFS= read -r line <&3; do printf '%s\\n' "$begun$line"; begun=; done
  begun="$begun$line"
}
${onTerm}
echo up
while [ -z "$ending" ]; do copy; sleep "\${COPY_SECONDS:-1}" & wait $!; done
copy
${end}
`;

const CRASHING = `#!/bin/sh
PATH=/usr/bin:/bin
milliseconds="\${1:-1000}"
echo up
sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
exit "\${2:-3}"
`;

const imageOf = (program: string, more: Partial<Image> = {}): Image => ({
  entrypoint: [PROGRAM],
  cmd: [],
  env: {},
  files: { [PROGRAM]: program },
  directories: [],
  ...more,
});

const NOTES = 'trap ending=yes TERM';

export const sidecarImages: ReadonlyMap<string, Image> = new Map([
  [SIDECARS.exits0, imageOf(copying(NOTES))],
  [SIDECARS.exits143, imageOf(copying(NOTES, 'exit 143'))],
  [SIDECARS.noShell, imageOf(copying(NOTES), { shell: false })],
  [SIDECARS.noHandler, imageOf(copying(''))],
  [SIDECARS.ignoresTerm, imageOf(copying('trap : TERM'))],
  [SIDECARS.crashes, imageOf(CRASHING)],
]);
