// Small grey images with a class label: what MNIST and SyntheticDigits have in common.

import type { Shape } from "../../core/shape.js";
import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { Dataset, outOfRange } from "../dataset.js";
import { HostArray } from "../host-array.js";
import { getWorkerInfo } from "../sample-stream.js";
import type { Image } from "../transforms/image.js";
import { UNIT } from "../transforms/to-tensor.js";
import { applyTransform, type TransformLike } from "../transforms/transform.js";

/** Height and width of an image, in pixels. */
export const SIDE = 28;
/** Bytes, and pixels, of an image. */
export const PIXELS = SIDE * SIDE;

/** What datasets do with their samples. */
export interface SampleOptions<X> {
  /** Makes a sample's input of a uint8 image [C, H, W] on the host. Default: float32 from 0 to 1. */
  readonly transform?: TransformLike<Image, X>;
  /** Makes another label of a label. */
  readonly targetTransform?: (label: number) => number;
}

/**
 * Samples [image, label]: an image is float32 [1, 28, 28] from 0 (background) to 1 (ink), or what the transform makes of a
 * uint8 one, a label a whole number.
 */
export abstract class GreyImages<X = Tensor> extends Dataset<readonly [image: X, label: number]> {
  /** All pixels, [N, 28, 28], from 0 (background) to 255 (ink). */
  abstract readonly images: Uint8Array;
  /** [N] */
  abstract readonly labels: Uint8Array;
  readonly #transform: TransformLike<Image, X> | undefined;
  readonly #targetTransform: (label: number) => number;

  constructor({ transform, targetTransform }: SampleOptions<X> = {}) {
    super();
    this.#transform = transform;
    this.#targetTransform = targetTransform ?? ((label) => label);
    // A loader stacks samples itself where a dataset has no getBatch: other labels may be fractions. That of a subclass is
    // the subclass's matter.
    const isInherited = this.getBatch === GreyImages.prototype.getBatch;
    const isPlain = transform === undefined && targetTransform === undefined;
    if (!isPlain && isInherited) Object.defineProperty(this, "getBatch", { value: undefined });
  }

  /** Pixels 28 x 28 of one image. */
  protected pixels(index: number): Uint8Array {
    return this.images.subarray(index * PIXELS, (index + 1) * PIXELS);
  }

  get length(): number {
    return this.labels.length;
  }

  /** @throws OutOfRangeError */
  getItem(index: number): readonly [image: X, label: number] {
    return [this.#image(index), this.#targetTransform(this.labels[index]!)];
  }

  #image(index: number): X {
    this.#check(index);
    if (this.#transform !== undefined) {
      const image = new HostArray(this.pixels(index).slice(), [1, SIDE, SIDE], "uint8");
      return applyTransform(this.#transform, image);
    }
    const image = new Float32Array(PIXELS);
    this.#copy(index, image, 0);
    return place(image, [1, SIDE, SIDE], "float32") as X; // without a transform, X is Tensor
  }

  /**
   * Images float32 [B, 1, 28, 28] and labels int32 [B], where there is no transform, of the labels either.
   * @throws OutOfRangeError
   */
  getBatch(indices: Int32Array): [images: Tensor, labels: Tensor] {
    const count = indices.length;
    const images = new Float32Array(count * PIXELS);
    for (let i = 0; i < count; i++) this.#copy(indices[i]!, images, i * PIXELS);
    const labels = Int32Array.from(indices, (index) => this.labels[index]!);
    return [place(images, [count, 1, SIDE, SIDE], "float32"), place(labels, [count], "int32")];
  }

  #copy(index: number, target: Float32Array, at: number): void {
    this.#check(index);
    const pixels = this.pixels(index);
    for (let i = 0; i < PIXELS; i++) target[at + i] = UNIT[pixels[i]!]!;
  }

  #check(index: number): void {
    if (this.labels[index] !== undefined) return;
    throw outOfRange(this.constructor.name, index, this.length);
  }
}

/** A tensor; in a worker, where there are none, what the loader will make a tensor of. */
function place(data: Float32Array | Int32Array, shape: Shape, dtype: "float32" | "int32"): Tensor {
  if (getWorkerInfo() === undefined) return fromHost(data, shape, dtype);
  return new HostArray(data, shape, dtype) as unknown as Tensor; // it leaves the worker as part of a batch
}
