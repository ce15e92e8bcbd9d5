// Augmentation: the same digit at other places.

import { data, tensor } from "tapegrad";

const SIDE = 28; // pixels

/** Digits [image, label], each image moved by up to a pixel every time it is read. */
export class Shifted extends data.Dataset {
  readonly #images: Uint8Array; // [N, 28, 28]
  readonly #labels: Uint8Array; // [N]

  constructor({ images, labels }: { readonly images: Uint8Array; readonly labels: Uint8Array }) {
    super();
    this.#images = images;
    this.#labels = labels;
  }

  getItem(index: number) {
    const next = data.sampleGenerator().words();
    const shift = ((next() % 3) - 1) * SIDE + (next() % 3) - 1; // -1, 0 or 1 in y and in x
    const image = new Float32Array(SIDE * SIDE); // its border stays empty
    for (let y = 1; y < SIDE - 1; y++) {
      for (let x = 1; x < SIDE - 1; x++) {
        image[y * SIDE + x] = this.#images[(index * SIDE + y) * SIDE + x + shift]! / 255;
      }
    }
    return [tensor(image).reshape([1, SIDE, SIDE]), this.#labels[index]!] as const;
  }

  get length() {
    return this.#labels.length;
  }
}
