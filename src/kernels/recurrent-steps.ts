// The steps of a recurrent layer in time: where their rows lie, and how a step's kernel is launched.

import { dtypes } from "../core/dtype.js";
import { permute, select, slice } from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import type { Kernel } from "../runtime/kernel.js";
import { NDArray } from "./array.js";
import { kernelSource, type WgslFile } from "./source.js";

const WORKGROUP_SIZE = 64; // as the files have it

/** Rows are (time, sample, direction), or (sample, time, direction) where the batch comes first. */
export class Steps {
  readonly shape: Shape;
  readonly T: number;
  readonly B: number;

  /**
   * @param like - [T, B, ...], or [B, T, ...] where the batch comes first
   * @param D - directions, 1 or 2; the second one goes from the last time to the first
   * @param H - hidden units
   */
  constructor(
    readonly like: NDArray,
    readonly D: number,
    readonly H: number,
    readonly batchFirst: boolean,
  ) {
    this.shape = like.shape.slice(0, 2);
    const [first, second] = this.shape as [number, number];
    [this.T, this.B] = batchFirst ? [second, first] : [first, second];
  }

  /** New memory for a row of `size` elements at each time, of each sample and direction. */
  rows(size: number): NDArray {
    return NDArray.empty(this.like.dtype, [...this.shape, this.D, size], this.like.device);
  }

  /** New memory for `size` elements of each sample and direction. */
  state(size: number): NDArray {
    return NDArray.empty(this.like.dtype, [this.D, this.B, size], this.like.device);
  }

  /** The same, with the elements of `initial`. */
  copy(initial: NDArray): NDArray {
    const copy = this.state(initial.shape.at(-1)!);
    initial.computeInto(copy.realize());
    return copy;
  }

  /** The rows of one direction at its step: [B, size]. */
  at(rows: NDArray, step: number, d: number): NDArray {
    return rows.view((layout) => select(select(layout, 2, d), this.#timeDim, this.#time(step, d)));
  }

  /**
   * For each direction, rows of a state before each step: `initial` [D, B, size] before the first one, then what `rows`
   * has at the step before.
   */
  before(rows: NDArray, initial: NDArray): NDArray {
    const { D, T } = this;
    const result = this.rows(rows.shape.at(-1)!);
    for (let d = 0; d < D; d++) {
      const part = (array: NDArray, start: number): NDArray =>
        array.view((layout) => slice(select(layout, 2, d), this.#timeDim, start, T - 1, 1));
      if (T > 1) part(rows, d).computeInto(part(result, 1 - d).realize());
      initial.view((layout) => select(layout, 0, d)).computeInto(this.at(result, 0, d).realize());
    }
    return result;
  }

  /** Whether kernels can take four units at a time. */
  widthFor(arrays: readonly NDArray[]): 1 | 4 {
    return this.H % 4 === 0 && arrays.every(({ start }) => start % 4 === 0) ? 4 : 1;
  }

  /** The kernel of a step. */
  kernel(file: WgslFile, width: 1 | 4, constants: Readonly<Record<string, number>> = {}): Kernel {
    const { device, dtype } = this.like;
    const variant = [dtype, width, ...Object.values(constants)].join(" ");
    const { stored } = dtypes[dtype];
    return device.kernel(`${file.name} ${variant}`, () =>
      kernelSource(file, {
        variant,
        types: width === 4 ? { S: `vec4<${stored}>`, V: "vec4f" } : { S: stored },
        constants,
        slots: { forms: forms[width] },
      }),
    );
  }

  /** @param offsets - the kernel's own parameters: where `from` starts before the times, and `others` after them */
  launch(
    kernel: Kernel,
    step: number,
    width: 1 | 4,
    from: NDArray,
    arrays: readonly NDArray[],
    others: readonly number[] = [],
  ): void {
    const { B, D, T, H, batchFirst } = this;
    const count = (D * B * H) / width;
    const strides = batchFirst ? [1, T] : [B, 1];
    const times = [step, T - 1 - step];
    const params = [count, B, H / width, D, ...strides, from.start / width, ...times, ...others];
    const blocks = [from, ...arrays].map(({ block }) => block);
    this.like.device.launch(kernel, params, blocks, Math.ceil(count / WORKGROUP_SIZE));
  }

  get #timeDim(): number {
    return this.batchFirst ? 1 : 0;
  }

  #time(step: number, d: number): number {
    return d === 0 ? step : this.T - 1 - step;
  }
}

/** Rows [..., ..., D, size], the direction first and the others in one dimension: [D, rows, size]. */
export function byDirection(rows: NDArray): NDArray {
  const [outer, inner, D, size] = rows.shape as [number, number, number, number];
  return rows.reshape([outer * inner, D, size]).view((layout) => permute(layout, [1, 0, 2]));
}

const forms = {
  1: `fn sigmoid_of(x: f32) -> f32 { return sigmoid(x); }
fn tanh_of(x: f32) -> f32 { return tanh_(x); }`,
  4: `fn sigmoid_of(x: vec4f) -> vec4f { return sigmoid_of_four(x); }
fn tanh_of(x: vec4f) -> vec4f { return tanh_of_four(x); }`,
} as const;
