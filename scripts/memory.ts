/**
 * Flags of Node.js that keep memory low: V8 collects short-lived objects in steps of 4 MB instead of 16 MB, and the
 * whole heap earlier. This costs no processor time. See docs/performance.md.
 */
const YOUNG = '--max-semi-space-size=4';

/** As in a container of 512 MB. */
export const MEMORY_FLAGS = `${YOUNG} --max-old-space-size=384`;

/** A token with some hundred groups is longer than the 16 KB that Node.js accepts. */
export const HEADER_FLAGS = '--max-http-header-size=65536';

/**
 * The start script of the built service, for a POSIX shell. The heap gets 75 % of the container (`MEMORY_LIMIT` of
 * Cloud Foundry, such as `512M` or `1g`; 512 MB by default).
 */
export const START = [
  'limit=${MEMORY_LIMIT:-512M}',
  'mb=${limit%[MmGg]*}',
  "case $mb in ''|*[!0-9]*) mb=512 limit=512M;; esac",
  'case $limit in *[Gg]*) mb=$((mb * 1024));; esac',
  // `exec` replaces the shell, so that a stop signal reaches the service, which then hands its run over.
  `exec node ${YOUNG} --max-old-space-size=$((mb * 3 / 4)) ${HEADER_FLAGS} srv/start.js`,
].join('; ');
