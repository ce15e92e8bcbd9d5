// Files in a tar archive, in memory: nothing is ever written where an archive says. (The readers on npm skip what is
// damaged and clean names up; a data set that is not whole has to be refused.)
//
//   blocks of 512 bytes: a header, then the file's bytes, the last block filled up with zeros
//   header   0 name, 124 size (octal), 148 checksum (octal), 156 type ("0" or NUL: a file), 345 prefix of the name

import { FileFormatError } from "../../core/errors.js";

const BLOCK = 512; // bytes

/**
 * The files of an archive by name, as views of its bytes.
 * @param name - of the archive, for messages
 * @throws FileFormatError if it is truncated or damaged, or a name leads out of it
 */
export function readTar(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (;;) {
    if (at + BLOCK > bytes.length)
      throw new FileFormatError(name, `the archive is truncated after ${bytes.length} bytes`);
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files; // a block of zeros ends an archive
    if (octal(header, 148, 8) !== checksumOf(header)) {
      throw new FileFormatError(
        name,
        `is no tar archive, or damaged: the header at byte ${at} does not fit its checksum`,
      );
    }
    const entry = [text(header, 345, 155), text(header, 0, 100)].filter((part) => part !== "").join("/");
    const size = octal(header, 124, 12);
    if (!Number.isSafeInteger(size) || at + BLOCK + size > bytes.length) {
      throw new FileFormatError(name, `the archive is truncated: ${entry} has ${size} bytes, and fewer are left`);
    }
    if (/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(entry)) {
      throw new FileFormatError(name, `refuses ${JSON.stringify(entry)}: the name leads out of the archive`);
    }
    const type = header[156];
    const start = at + BLOCK;
    if (type === 0x30 || type === 0) files.set(entry.replace(/^\.\//, ""), bytes.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function octal(header: Uint8Array, at: number, length: number): number {
  const digits = text(header, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of the header's bytes, with spaces for the checksum itself. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}
