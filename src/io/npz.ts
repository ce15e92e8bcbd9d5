// NumPy's archives: a zip file of .npy files. (fflate unpacks them: small, typed, without dependencies, the same in Node
// and in browsers. It does not look at checksums: that is done here.)

import { type UnzipFileInfo, unzipSync } from "fflate/browser";
import { FileFormatError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { checksumsOf, crc32 } from "./crc32.js";
import { readNpy } from "./npy.js";
import { type FileSource, inMemory, withFile } from "./source.js";

export interface LoadNpzOptions {
  /** Refuse an archive whose arrays claim to take more bytes than this, unpacked. Default 2 GiB. */
  readonly limit?: number;
}

const DEFLATE_RATIO = 1032; // one bit of compressed data stands for 258 bytes at most, and a length takes two of them

/** What an archive says of a file in it. */
interface Entry {
  /** Bytes, unpacked. */
  readonly size: number;
  readonly checksum: number;
}

/**
 * Loads the arrays that numpy.savez or numpy.savez_compressed wrote, by name, as loadNpy does each.
 *
 * @param source - a path (in a browser a URL), or the file's bytes
 * @throws FileFormatError if the file is missing, no zip archive or damaged, claims more than the limit or than what its
 *   compressed bytes can hold, or has an array that loadNpy refuses
 */
export async function loadNpz(
  source: FileSource,
  { limit = 2 ** 31 }: LoadNpzOptions = {},
): Promise<Record<string, Tensor>> {
  return withFile("loadNpz", source, async (file, name) => {
    const archive = await file.read(0, file.size);
    const entries = new Map<string, Entry>();
    const check = checkEntries(archive, limit, entries, (problem) => {
      throw new FileFormatError(name, problem);
    });
    let files: Record<string, Uint8Array>;
    try {
      files = unzipSync(archive, { filter: check });
    } catch (error) {
      if (error instanceof FileFormatError) throw error;
      throw new FileFormatError(name, `is no zip archive, or a damaged one (${(error as Error).message})`, {
        cause: error,
      });
    }
    const arrays: [string, Tensor][] = [];
    for (const [entry, { size, checksum }] of entries) {
      const bytes = Object.hasOwn(files, entry) ? files[entry] : undefined;
      if (bytes === undefined)
        throw new FileFormatError(name, `has a file called "${entry}", which is no name for one`);
      if (bytes.length !== size)
        throw new FileFormatError(name, `"${entry}" claims ${size} bytes and unpacks to ${bytes.length}`);
      if (crc32(bytes) !== checksum) throw new FileFormatError(name, `"${entry}" is damaged: its checksum differs`);
      delete files[entry]; // the tensor has its own copy
      arrays.push([entry.replace(/\.npy$/, ""), await readNpy(inMemory(bytes), `${name}: ${entry}`)]);
    }
    return Object.fromEntries(arrays);
  });
}

/** Looks at what the archive says of each file before anything is allocated for it, and notes it. */
function checkEntries(
  archive: Uint8Array,
  limit: number,
  entries: Map<string, Entry>,
  fail: (problem: string) => never,
): (entry: UnzipFileInfo) => boolean {
  let [packed, unpacked] = [0, 0];
  const checksums = checksumsOf(archive);
  return ({ name, size, originalSize, compression }) => {
    if (entries.has(name)) fail(`has two files called "${name}"`);
    entries.set(name, { size: originalSize, checksum: checksums.next().value! });
    if (compression !== 0 && compression !== 8) fail(`"${name}" is compressed by method ${compression}, not deflate`);
    packed += size;
    unpacked += originalSize;
    if (packed > archive.length) fail(`claims ${packed} compressed bytes, the file has ${archive.length}`);
    const most = compression === 0 ? size : size * DEFLATE_RATIO;
    if (originalSize > most)
      fail(`"${name}" claims ${originalSize} bytes; its ${size} compressed ones hold at most ${most}`);
    if (unpacked > limit) fail(`unpacks to ${unpacked} bytes or more; { limit } is ${limit}`);
    return true;
  };
}
