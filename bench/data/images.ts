// The dataset whose loading is measured: images with a transform that takes nothing, little or much.

import { Dataset, type HostArray, hostArray, sampleGenerator } from "tapegrad/data";

export const SIDE = 64; // pixels
const SHAPE = [3, SIDE, SIDE];
const SIZE = 3 * SIDE * SIDE;

/** "light": bytes to floats. "heavy": the same, and BLURS blurs, which take about 2 ms. A number: light, and so many ms of waiting. */
export type Work = "light" | "heavy" | number;

/** Blurs of a heavy transform: a fixed amount of work, so that workers that share a core do not look faster than they are. */
const BLURS = 26;

/** Samples [image, label]: float32 [3, 64, 64]. */
export default class Images extends Dataset<readonly [HostArray, number]> {
  readonly #bytes = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31) & 255);

  constructor(
    readonly length: number,
    readonly work: Work,
  ) {
    super();
  }

  getItem(index: number): readonly [HostArray, number] {
    const end = performance.now() + (typeof this.work === "number" ? this.work : 0);
    const brightness = (sampleGenerator().words()() & 15) / 255;
    const pixels = new Float32Array(SIZE);
    for (let i = 0; i < SIZE; i++) pixels[i] = this.#bytes[i]! / 255 + brightness;
    if (this.work === "heavy") for (let pass = 0; pass < BLURS; pass++) blur(pixels);
    while (performance.now() < end);
    return [hostArray(pixels, { shape: SHAPE }), index % 10];
  }
}

function blur(pixels: Float32Array): void {
  for (let i = 1; i < SIZE - 1; i++) pixels[i] = 0.25 * pixels[i - 1]! + 0.5 * pixels[i]! + 0.25 * pixels[i + 1]!;
}
