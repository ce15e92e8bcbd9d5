// Many small grey images in one picture (fast-png: a PNG writer in plain TypeScript, kept by image-js, two small dependencies).

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { encode } from "fast-png";
import type { Tensor } from "tapegrad";

interface SheetOptions {
  /** Pixels of the picture for each pixel of an image. Default 2. */
  readonly scale?: number;
  /** Pixels between images. Default 4. */
  readonly gap?: number;
}

const GUTTER = 214; // grey between the images

/** Writes images [rows, columns, height, width], from 0 (paper) to 1 (ink), as a PNG with that many rows and columns. */
export async function writeSheet(
  path: string,
  images: Tensor,
  { scale = 2, gap = 4 }: SheetOptions = {},
): Promise<void> {
  const [rows, columns, height, width] = images.shape as [number, number, number, number];
  const ink = await images.data();
  const [stepY, stepX] = [height * scale + gap, width * scale + gap];
  const sheet = { width: columns * stepX + gap, height: rows * stepY + gap };
  const pixels = new Uint8Array(sheet.width * sheet.height).fill(GUTTER);
  for (let tile = 0; tile < rows * columns; tile++) {
    const [top, left] = [gap + Math.floor(tile / columns) * stepY, gap + (tile % columns) * stepX];
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const at = (tile * height + Math.floor(y / scale)) * width + Math.floor(x / scale);
        pixels[(top + y) * sheet.width + left + x] = 255 * (1 - Math.min(Math.max(ink[at]!, 0), 1));
      }
    }
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encode({ ...sheet, data: pixels, channels: 1 }));
}
