// How pointwise ops are written: a WGSL expression beside its derivatives.

import { defineOp, type Meta, type Op, type Promotion, type Saves } from "../autograd/op.js";
import { checkRange } from "../core/check.js";
import { type DType, isFloatingPoint } from "../core/dtype.js";
import { DTypeError } from "../core/errors.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { type PointwiseFunction, spell, type ValueType } from "../kernels/pointwise/function.js";
import type { WgslFile } from "../kernels/source.js";
import type { Tensor } from "../tensor/tensor.js";

/** WGSL of a result, from the operands' names and their common type. */
type Expression = (type: ValueType, ...args: string[]) => string;

interface PointwiseSpec {
  readonly name: string;
  readonly wgsl: Expression;
  readonly imports?: readonly WgslFile[];
  readonly scalarOnly?: boolean;
  /** "float": integers and bools become float32 first, as in PyTorch's exp. Default "common": they stay. */
  readonly promotion?: Promotion;
  /** Dtype of the result, where it is not the operands' own. */
  readonly result?: DType;
  /** What to do instead with bools, where the operation has no meaning for them. */
  readonly insteadOfBool?: string;
  /** Whether floats have no place in the operation. */
  readonly integersOnly?: boolean;
}

interface UnarySpec<Attributes> extends PointwiseSpec {
  /** Throws for integers and bools. */
  readonly floatOnly?: boolean;
  /** Numbers that the expression gets after the operand, in the operand's dtype; as parameters, not as source text. */
  readonly numbers?: (attributes: Attributes) => readonly number[];
  readonly saves?: readonly ("x" | "output")[];
  /** dL/dx; leave it out if there is none. */
  readonly backward?: (
    dy: Tensor,
    saved: { readonly x: Tensor; readonly output: Tensor },
    attributes: Attributes,
  ) => Tensor;
}

/** Defines y_i = f(x_i). */
export function unary<Attributes = void>(given: UnarySpec<Attributes>): Op<Attributes> {
  const { saves = [], backward, numbers, floatOnly = false, ...spec } = given;
  const { name, promotion, result, insteadOfBool, integersOnly } = spec;
  const fn = pointwiseFunction(spec);
  return defineOp<"x", Attributes>({
    name,
    inputs: ["x"],
    ...(promotion && { promotion }),
    shape: ({ x }, attributes) => {
      assertMeaning(name, x, insteadOfBool, integersOnly);
      if (floatOnly) assertFloat(name, "the input", x);
      if (numbers) checkRange(name, numbers(attributes), x.dtype);
      return { shape: x.shape, dtype: result ?? x.dtype };
    },
    forward: ({ x }, attributes, { dtype }) => {
      const constants = numbers?.(attributes).map((number) => NDArray.constant(number, x.dtype)) ?? [];
      return NDArray.pointwise(fn, dtype, x.shape, [x, ...constants]);
    },
    saves,
    ...(backward && { backward: { x: backward } }),
  });
}

interface BinarySpec extends PointwiseSpec {
  readonly saves?: Saves<"a" | "b">;
  /** dL/da and dL/db in the result's shape; broadcast dimensions are summed here. */
  readonly backward?: { readonly [K in "a" | "b"]?: (dy: Tensor, saved: SavedPair) => Tensor };
}

interface SavedPair {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly output: Tensor;
}

/** Defines y_i = f(a_i, b_i) of operands that broadcast. */
export function binary({ saves = [], backward: { a: da, b: db } = {}, ...spec }: BinarySpec): Op<void> {
  const { name, promotion = "common", result, insteadOfBool, integersOnly } = spec;
  const fn = pointwiseFunction(spec);
  return defineOp<"a" | "b">({
    name,
    inputs: ["a", "b"],
    promotion,
    shape: ({ a, b }) => {
      assertMeaning(name, a, insteadOfBool, integersOnly);
      return { shape: broadcastShapes(name, a.shape, b.shape), dtype: result ?? a.dtype };
    },
    forward: ({ a, b }, _, { shape, dtype }) => NDArray.pointwise(fn, dtype, shape, [a, b]),
    saves,
    ...((da ?? db) && {
      backward: {
        ...(da && { a: (dy, saved, _, { a }) => da(dy, saved).sumToSize(a.shape) }),
        ...(db && { b: (dy, saved, _, { b }) => db(dy, saved).sumToSize(b.shape) }),
      },
    }),
  });
}

function pointwiseFunction({ name, wgsl, imports, scalarOnly = false, result }: PointwiseSpec): PointwiseFunction {
  return {
    name,
    scalarOnly,
    imports: imports ?? [],
    wgsl: (args, to, from) => wgsl(result === undefined ? to : from[0]!, ...args),
  };
}

/** Throws if bools, or floats, have no place in the operation. */
export function assertMeaning(op: string, { dtype }: Meta, instead: string | undefined, integersOnly = false): void {
  if (integersOnly && isFloatingPoint(dtype)) {
    throw new DTypeError(op, `is for integers, and the operands are ${dtype}: use to("int32")`);
  }
  if (instead !== undefined && dtype === "bool") throw new DTypeError(op, `has no meaning for bools; use ${instead}`);
}

/** Throws unless the operand is floating point; for ops whose integers do not turn into floats by themselves. */
export function assertFloat(op: string, name: string, { dtype }: Meta): void {
  if (!isFloatingPoint(dtype))
    throw new DTypeError(op, `${name} is ${dtype}, and must be float32 or float16: use to("float32")`);
}

/** The expression of a function of two float32 numbers in a WGSL file. */
export function callOfTwo(
  fn: string,
  file: WgslFile,
): { wgsl: (type: ValueType, a: string, b: string) => string; imports: readonly WgslFile[]; scalarOnly: true } {
  return {
    wgsl: (type, a, b) => {
      return type.element === "f32" ? `${fn}(${a}, ${b})` : `${spell(type)}(${fn}(f32(${a}), f32(${b})))`;
    },
    imports: [file],
    scalarOnly: true,
  };
}
