// Which shapes a convolution takes and gives, in one, two or three dimensions.

import { formatShape, ShapeError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";

/** How a window moves; one number for each direction. */
export interface WindowSteps {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

const PLACES = ["L", "H, W", "D, H, W"];
const KERNELS = ["K", "KH, KW", "KD, KH, KW"];

/** The shapes of one convolution, as the user gave them. */
export interface ConvShapes {
  readonly x: Shape;
  readonly weight: Shape;
  readonly bias: Shape | undefined;
  readonly groups: number;
  /** Whether it is a transposed one, whose weight has the input channels first. */
  readonly isTransposed?: boolean;
}

/** Throws unless dimensions (`count` of them without batch and channels) and channels fit. */
export function checkConv(op: string, count: number, { x, weight, bias, groups, isTransposed }: ConvShapes): void {
  const shapes = [x, weight];
  if ((x.length !== count + 2 && x.length !== count + 1) || weight.length !== count + 2) {
    const places = PLACES[count - 1];
    const channels = isTransposed ? "C, O / groups" : "O, C / groups";
    const forms = `x must be [N, C, ${places}] or [C, ${places}], the weight [${channels}, ${KERNELS[count - 1]}]`;
    throw new ShapeError(op, shapes, forms);
  }
  const [first, second] = weight as [number, number];
  const C = x.at(-count - 1)!;
  const [taken, made] = isTransposed ? [first, second * groups] : [second * groups, first];
  if (C !== taken) {
    const groupwise = groups === 1 || isTransposed ? "" : ` (${second} in each of ${groups} groups)`;
    throw new ShapeError(op, shapes, `x has ${C} channels, the weight takes ${taken}${groupwise}`);
  }
  if (first % groups !== 0) {
    const which = isTransposed ? "input" : "output";
    throw new ShapeError(op, shapes, `${first} ${which} channels do not divide into ${groups} groups`);
  }
  if (bias !== undefined && (bias.length !== 1 || bias[0] !== made))
    throw new ShapeError(op, [...shapes, bias], `the bias must have ${made} elements`);
}

/** Of each direction: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. */
export function convSizes(op: string, x: Shape, weight: Shape, { stride, padding, dilation }: WindowSteps): number[] {
  const { length } = stride;
  const [size, kernel] = [x.slice(-length), weight.slice(-length)];
  const out = size.map((n, d) => {
    return Math.floor((n + 2 * padding[d]! - dilation[d]! * (kernel[d]! - 1) - 1) / stride[d]!) + 1;
  });
  if (out.some((n) => n < 1)) {
    const window = `a kernel of ${formatShape(kernel)} with dilation ${formatShape(dilation)}`;
    throw new ShapeError(op, [x, weight], `${window} does not fit into the input padded by ${formatShape(padding)}`);
  }
  return out;
}

/** Of each direction: (size - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1. */
export function convTransposeSizes(
  op: string,
  x: Shape,
  weight: Shape,
  { stride, padding, dilation, outputPadding }: WindowSteps & { readonly outputPadding: readonly number[] },
): number[] {
  const { length } = stride;
  const kernel = weight.slice(-length);
  const out = x.slice(-length).map((n, d) => {
    return (n - 1) * stride[d]! - 2 * padding[d]! + dilation[d]! * (kernel[d]! - 1) + outputPadding[d]! + 1;
  });
  if (out.some((n) => n < 1)) {
    throw new ShapeError(op, [x, weight], `a padding of ${formatShape(padding)} leaves nothing of the result`);
  }
  const d = outputPadding.findIndex((n, at) => n >= stride[at]! && n >= dilation[at]!);
  if (d < 0) return out;
  const problem = `the output padding ${outputPadding[d]} must be smaller than the stride ${stride[d]} or the dilation ${dilation[d]}`;
  throw new ShapeError(op, [x, weight], problem);
}
