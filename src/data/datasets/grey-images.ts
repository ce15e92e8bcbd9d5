// Small grey images with a class label: what MNIST and SyntheticDigits have in common.

import { OutOfRangeError } from "../../core/errors.js";
import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { Dataset } from "../dataset.js";

/** Height and width of an image, in pixels. */
export const SIDE = 28;
/** Bytes, and pixels, of an image. */
export const PIXELS = SIDE * SIDE;

const UNIT = Float32Array.from({ length: 256 }, (_, grey) => grey / 255);

/** Samples [image, label]: an image is float32 [1, 28, 28] from 0 (background) to 1 (ink), a label a whole number. */
export abstract class GreyImages extends Dataset<readonly [image: Tensor, label: number]> {
  /** All pixels, [N, 28, 28], from 0 (background) to 255 (ink). */
  abstract readonly images: Uint8Array;
  /** [N] */
  abstract readonly labels: Uint8Array;

  /** Pixels 28 x 28 of one image. */
  protected pixels(index: number): Uint8Array {
    return this.images.subarray(index * PIXELS, (index + 1) * PIXELS);
  }

  get length(): number {
    return this.labels.length;
  }

  /** @throws OutOfRangeError */
  getItem(index: number): readonly [image: Tensor, label: number] {
    const image = new Float32Array(PIXELS);
    this.#copy(index, image, 0);
    return [fromHost(image, [1, SIDE, SIDE], "float32"), this.labels[index]!];
  }

  /**
   * Images float32 [B, 1, 28, 28] and labels int32 [B].
   * @throws OutOfRangeError
   */
  getBatch(indices: Int32Array): [images: Tensor, labels: Tensor] {
    const count = indices.length;
    const images = new Float32Array(count * PIXELS);
    for (let i = 0; i < count; i++) this.#copy(indices[i]!, images, i * PIXELS);
    const labels = Int32Array.from(indices, (index) => this.labels[index]!);
    return [fromHost(images, [count, 1, SIDE, SIDE], "float32"), fromHost(labels, [count], "int32")];
  }

  #copy(index: number, target: Float32Array, at: number): void {
    if (this.labels[index] === undefined) {
      throw new OutOfRangeError(this.constructor.name, `index ${index} is not among its ${this.length} samples`);
    }
    const pixels = this.pixels(index);
    for (let i = 0; i < PIXELS; i++) target[at + i] = UNIT[pixels[i]!]!;
  }
}
