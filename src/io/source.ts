// Where files come from: a path, a URL in browsers, or bytes that somebody has already.

import { platform } from "#platform";
import { FileFormatError } from "../core/errors.js";
import type { OpenFile } from "../runtime/platform/platform.js";

/** A file's path (in a browser its URL), or its bytes, for instance of a file that the user has chosen. */
export type FileSource = string | Uint8Array;

/**
 * Opens a file for `use`, and closes it after.
 * @param op - the name of the function that reads, for the error
 * @throws FileFormatError if there is no such file
 */
export async function withFile<R>(
  op: string,
  source: FileSource,
  use: (file: OpenFile, name: string) => Promise<R>,
): Promise<R> {
  if (typeof source !== "string") return use(inMemory(source), op);
  const file = await platform.openFile(source);
  if (file === undefined) throw new FileFormatError(op, `there is no file ${source}`);
  try {
    return await use(file, source);
  } finally {
    await file.close();
  }
}

/** @internal Bytes as a file. What is read is a copy, because their owner may change them. */
export function inMemory(bytes: Uint8Array): OpenFile {
  const read = async (offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(bytes.subarray(offset, offset + length));
  return { size: bytes.length, read, close: async () => {} };
}
