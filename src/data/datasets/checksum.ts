// What checksums of downloads look like.

import { TapegradError } from "../../core/errors.js";

const CHECKSUM = /^(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})$/;

/**
 * The checksum in small letters, as digests are.
 * @throws TapegradError if it is none
 */
export function checkedChecksum(op: string, checksum: string | undefined): string | undefined {
  const lower = checksum?.toLowerCase();
  if (lower === undefined || CHECKSUM.test(lower)) return lower;
  const wanted = '"md5:" and 32 hexadecimal digits, or "sha256:" and 64';
  throw new TapegradError(op, `checksum must be ${wanted}, got ${JSON.stringify(checksum)}`);
}
