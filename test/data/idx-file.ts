// Files in MNIST's format, made by hand.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** An IDX file; `magic` are its first four bytes. */
export function idxFile(
  shape: readonly number[],
  elements: ArrayLike<number>,
  magic: readonly number[] = [0, 0, 8, shape.length],
): Buffer {
  const sizes = Buffer.alloc(4 * shape.length);
  shape.forEach((size, d) => sizes.writeUInt32BE(size, 4 * d));
  return Buffer.concat([Buffer.from(magic), sizes, Buffer.from(elements)]);
}

/** Grey of a pixel of an image: a pattern in which every image and every pixel beside another differ. */
export function grey(image: number, pixel: number): number {
  return (image * 31 + pixel * 7) % 256;
}

export function imagesFile(count: number, side = 28): Buffer {
  const pixels = side * side;
  return idxFile(
    [count, side, side],
    Uint8Array.from({ length: count * pixels }, (_, i) => grey(Math.floor(i / pixels), i % pixels)),
  );
}

export function labelsFile(...labels: number[]): Buffer {
  return idxFile([labels.length], labels);
}

export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(`${folder}/${name}`), { recursive: true });
    writeFileSync(`${folder}/${name}`, bytes);
  }
}
