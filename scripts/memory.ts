/**
 * How the service is started, so that its memory stays flat: V8 collects what is short-lived in steps of 4 MB and not of
 * 16, and lets garbage grow less before it looks through the whole heap. Neither costs processor time. See
 * docs/performance.md.
 */
const YOUNG = '--max-semi-space-size=4';

/** As in a container of 512 MB. */
export const MEMORY_FLAGS = `${YOUNG} --max-old-space-size=384`;

/** A token names all groups and scopes of its user: with some hundreds it is longer than the 16 KB that Node.js takes. */
export const HEADER_FLAGS = '--max-http-header-size=65536';

/**
 * The start script of the built service, for a POSIX shell. The heap may take 75 % of the container, which Cloud Foundry
 * names in `MEMORY_LIMIT`, such as `512M` or `1g`; without it, what it may take of 512 MB.
 */
export const START = [
  'limit=${MEMORY_LIMIT:-512M}',
  'mb=${limit%[MmGg]*}',
  "case $mb in ''|*[!0-9]*) mb=512 limit=512M;; esac",
  'case $limit in *[Gg]*) mb=$((mb * 1024));; esac',
  // The shell makes room for the service: what asks npm to stop has to reach the service, which hands its run over then.
  `exec node ${YOUNG} --max-old-space-size=$((mb * 3 / 4)) ${HEADER_FLAGS} srv/start.js`,
].join('; ');
