// PNG and JPEG files in Node. Two decoders in pure JavaScript, typed and small: fast-png is image-js's own and kept well;
// jpeg-js is what the field decodes JPEG with where nothing may be compiled. Both are loaded when a picture is.

import { readFile } from "node:fs/promises";
import { FileFormatError } from "../../core/errors.js";
import type { Picture } from "./platform.js";

/** Pillow refuses larger ones as decompression bombs. */
const MOST_PIXELS = 178_956_970;

/** Decodes a file, of the kind that its first bytes say. */
export async function decodePicture(path: string): Promise<Picture> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new FileFormatError(path, error.code === "ENOENT" ? "there is no such file" : error.message, {
      cause: error,
    });
  });
  const isPng = bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47;
  if (!isPng && !(bytes[0] === 0xff && bytes[1] === 0xd8)) {
    throw new FileFormatError(path, "is neither PNG nor JPEG by its first bytes");
  }
  try {
    return await (isPng ? decodePng(bytes) : decodeJpeg(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { code } = error as NodeJS.ErrnoException;
    const fix = code === "ERR_MODULE_NOT_FOUND" ? " (npm install fast-png@8.0.0 jpeg-js@0.4.4)" : "";
    throw new FileFormatError(path, `cannot be decoded: ${reason}${fix}`, { cause: error });
  }
}

async function decodePng(bytes: Buffer): Promise<Picture> {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]; // of the header, before anything is allocated
  if (width === 0 || height === 0) throw new Error(`a picture of ${width} x ${height} pixels has none`);
  if (width * height > MOST_PIXELS) throw new Error(`${width} x ${height} pixels are more than ${MOST_PIXELS}`);
  const { convertIndexedToRgb, decode } = await import("fast-png");
  const png = decode(bytes);
  const channels = png.palette === undefined ? png.channels : (png.palette[0]?.length ?? 3);
  const isPacked = png.palette === undefined && png.depth < 8;
  const data =
    png.palette !== undefined
      ? convertIndexedToRgb(png)
      : isPacked
        ? unpacked(png.data as Uint8Array, width, height, png.depth)
        : png.data;
  if (data.length !== width * height * channels) {
    throw new Error(`${width} x ${height} pixels of ${channels} channels are not ${data.length} values`);
  }
  const shift = png.depth === 16 ? 8 : 0;
  return planes(width, height, channels < 3 ? [0, 0, 0] : [0, 1, 2], channels, (i) => data[i]! >> shift);
}

/** Greys of 1, 2 or 4 bits, which share bytes within a row, from 0 to 255. */
function unpacked(bits: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  if (bits.length < stride * height) throw new Error(`${height} rows of ${stride} bytes are not ${bits.length} bytes`);
  const greys = new Uint8Array(width * height);
  for (let i = 0; i < greys.length; i++) {
    const [row, bit] = [Math.floor(i / width), (i % width) * depth];
    greys[i] = ((bits[row * stride + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most) * (255 / most);
  }
  return greys;
}

async function decodeJpeg(bytes: Buffer): Promise<Picture> {
  const { default: jpeg } = await import("jpeg-js");
  const limits = { maxResolutionInMP: MOST_PIXELS / 1e6, maxMemoryUsageInMB: 2048 };
  const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
  const { width, height, data } = jpeg.decode(bytes, { ...options, ...limits });
  return planes(width, height, [0, 1, 2], 3, (i) => data[i]!);
}

/** [3, H, W] of pixels that lie side by side, [H, W, channels]. */
function planes(
  width: number,
  height: number,
  from: readonly number[],
  channels: number,
  at: (index: number) => number,
): Picture {
  const size = width * height;
  const data = new Uint8Array(3 * size);
  for (const [c, channel] of from.entries()) {
    for (let i = 0; i < size; i++) data[c * size + i] = at(i * channels + channel);
  }
  return { data, width, height };
}
