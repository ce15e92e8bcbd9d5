// Several tensors made one.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { fromHost } from "../tensor/create.js";
import { cat, checkTensors, stack } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { atleast1d, atleast2d, atleast3d, meshgrid } from "./broadcasting.js";
import { type Tensors, tensorsOf } from "./operands.js";

/** One beside another: vectors end to end, others along dimension 1. */
export function hstack(tensors: readonly Tensor[]): Tensor {
  checkTensors("hstack", tensors);
  const list = atleast1d(tensors);
  return cat(list, list[0]?.ndim === 1 ? 0 : 1);
}

/** One below another, along dimension 0; vectors are rows. */
export function vstack(tensors: readonly Tensor[]): Tensor {
  checkTensors("vstack", tensors);
  return cat(atleast2d(tensors));
}

export { vstack as rowStack };

/** One behind another, along dimension 2; matrices get one more dimension, vectors are rows first. */
export function dstack(tensors: readonly Tensor[]): Tensor {
  checkTensors("dstack", tensors);
  return cat(atleast3d(tensors), 2);
}

/** One beside another, along dimension 1; vectors are columns. */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  checkTensors("columnStack", tensors);
  return cat(
    tensors.map((x) => (x.ndim < 2 ? x.reshape([-1, 1]) : x)),
    1,
  );
}

/** Matrices along the diagonal of a matrix of zeros; vectors are rows. */
export function blockDiag(...tensors: Tensors): Tensor {
  const list = tensorsOf("blockDiag", tensors);
  const wrong = list.find(({ ndim }) => ndim > 2);
  if (wrong !== undefined) throw new ShapeError("blockDiag", [wrong.shape], "takes matrices, vectors and scalars");
  const blocks = atleast2d(list);
  const widths = blocks.map(({ shape }) => shape[1]!);
  const rows = blocks.map((block, i) => {
    const sizes = [widths.slice(0, i), widths.slice(i + 1)].map((others) => others.reduce((a, b) => a + b, 0));
    const [left, right] = sizes.map((width) => block.newZeros([block.shape[0]!, width])) as [Tensor, Tensor];
    return cat([left, block, right], 1);
  });
  return cat(rows, 0);
}

/** All ways to take one element of each of n vectors, as rows: [N0 N1 .., n]; of one vector, itself. */
export function cartesianProd(...tensors: Tensors): Tensor {
  const list = tensorsOf("cartesianProd", tensors);
  const wrong = list.find(({ ndim }) => ndim !== 1);
  if (wrong !== undefined) throw new ShapeError("cartesianProd", [wrong.shape], "takes vectors");
  if (list.length === 1) return list[0]!;
  return stack(
    meshgrid(list).map((grid) => grid.flatten()),
    1,
  );
}

export interface CombinationsOptions {
  /** Elements of each combination. Default 2. */
  readonly r?: number;
  /** Whether an element can be taken more than once. Default false. */
  readonly withReplacement?: boolean;
}

/** All ways to take r elements of a vector, as rows, in the order of their positions. */
export function combinations(x: Tensor, r?: number | CombinationsOptions | null, withReplacement?: boolean): Tensor {
  checkTensor("combinations", x);
  const options = typeof r === "number" ? { r, withReplacement } : (r ?? {});
  const count = options.r ?? 2;
  checkWhole("combinations", { r: count });
  if (x.ndim !== 1) throw new ShapeError("combinations", [x.shape], "takes a vector");
  if (count === 0) return x.newEmpty([0]);
  const positions = choices(x.shape[0]!, count, options.withReplacement === true);
  const index = fromHost(positions, [positions.length], "int32");
  return x.indexSelectAs(index, { dim: 0, op: "combinations" }).reshape([positions.length / count, count]);
}

/** All ascending ways to take `count` of `size` positions, one after another. */
function choices(size: number, count: number, repeats: boolean): Int32Array {
  const positions: number[] = [];
  const chosen: number[] = [];
  const choose = (from: number): void => {
    const left = count - chosen.length;
    if (left === 0) for (const at of chosen) positions.push(at);
    else {
      for (let at = from; at < (repeats ? size : size - left + 1); at++) {
        chosen.push(at);
        choose(repeats ? at : at + 1);
        chosen.pop();
      }
    }
  };
  choose(0);
  return Int32Array.from(positions);
}

/** The Kronecker product: every element of a times all of b, [A b.., B b..]; the one with fewer dimensions gets leading ones. */
export function kron(a: Tensor, b: Tensor): Tensor {
  checkTensor("kron", a);
  checkTensor("kron", b);
  const ndim = Math.max(a.ndim, b.ndim);
  const [A, B] = [a, b].map(({ shape }) => [...new Array<number>(ndim - shape.length).fill(1), ...shape]) as [
    number[],
    number[],
  ];
  const apart = a.reshape(A.flatMap((size) => [size, 1])).mul(b.reshape(B.flatMap((size) => [1, size])));
  return apart.reshape(A.map((size, d) => size * B[d]!));
}
