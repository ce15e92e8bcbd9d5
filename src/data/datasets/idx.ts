// IDX, the format of MNIST's files, and gzip around it.
//
//   byte 0, 1   0
//   byte 2      type of the elements; 0x08 is an unsigned byte, the one type read here
//   byte 3      number of dimensions
//   then        each dimension's size, 4 bytes, big-endian
//   then        the elements, row-major

import { platform } from "#platform";
import { FileFormatError, formatShape } from "../../core/errors.js";

const UNSIGNED_BYTE = 0x08;

export interface IdxArray {
  readonly shape: number[];
  /** Row-major; a view of the bytes it was parsed from. */
  readonly data: Uint8Array;
}

/**
 * Parses an IDX file of unsigned bytes.
 *
 * @param name - the file's name, for messages
 * @throws FileFormatError if it is another format, or shorter or longer than its header says
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const [zero0 = 0, zero1 = 0, type = UNSIGNED_BYTE, rank = 1] = bytes;
  if (zero0 !== 0 || zero1 !== 0 || type !== UNSIGNED_BYTE || rank === 0) {
    const start = Array.from(bytes.subarray(0, 4), hex).join(" ");
    throw new FileFormatError(
      name,
      `is not an IDX file of unsigned bytes: it starts with ${start}, expected 00 00 08 and the number of dimensions`,
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < 4 || bytes.length < header) {
    throw new FileFormatError(name, `is truncated: its header takes ${header} bytes, the file has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  // What the header claims, at worst Infinity (which times 0 would be NaN); nothing is allocated by it.
  const count = shape.includes(0) ? 0 : shape.reduce((a, b) => a * b, 1);
  const rest = bytes.length - header;
  if (rest !== count) {
    const difference =
      rest < count ? `is truncated: ${count - rest} bytes are missing` : `has ${rest - count} bytes too many`;
    throw new FileFormatError(
      name,
      `${difference}: sizes ${formatShape(shape)} take ${count} bytes after the header, the file has ${rest}`,
    );
  }
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, count) };
}

/**
 * The bytes, decompressed if they are gzip.
 *
 * @param limit - refuse to decompress to more bytes than this
 * @throws FileFormatError if the gzip data is truncated, damaged or decompresses to more than `limit`
 */
export async function gunzipIfNeeded(bytes: Uint8Array, limit: number, name = "gunzip"): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  const compressed = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes)); // a copy: DecompressionStream takes no SharedArrayBuffer
      controller.close();
    },
  });
  const all = await readStream(compressed.pipeThrough(new DecompressionStream("gzip")), limit).catch((error) => {
    throw damaged(name, error);
  });
  return all ?? refuse(name, limit);
}

/** gunzipIfNeeded without waiting, where the platform can. */
export function gunzipNowIfNeeded(bytes: Uint8Array, limit: number, name = "gunzip"): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  let all: Uint8Array | undefined;
  try {
    all = platform.gunzipNow(bytes, limit);
  } catch (error) {
    throw damaged(name, error);
  }
  return all ?? refuse(name, limit);
}

/** All bytes of a stream; undefined, and the stream cancelled, if there are more than `limit`. */
export async function readStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = stream.getReader(); // Safari cannot iterate over streams
  for (let { value: chunk } = await reader.read(); chunk !== undefined; { value: chunk } = await reader.read()) {
    total += chunk.length;
    if (total > limit) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(chunk);
  }
  const all = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Whether the bytes begin as gzip does: 1f 8b. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function damaged(name: string, cause: unknown): FileFormatError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FileFormatError(name, `gzip data is truncated or damaged (${reason}); get the file again`, { cause });
}

function refuse(name: string, limit: number): never {
  throw new FileFormatError(name, `decompresses to more than the ${limit} bytes it may have`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
