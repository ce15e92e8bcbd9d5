// The history of a tensor that shares memory, after in-place changes. Of a base b and a view v = b[part]:
//
//   v changed to op(v, ...)   b' = b with op(b[part], ...) in its part      db = dy with op's dx in the part
//   b changed to op(b, ...)   b' = op(b, ...)
//   either way, and for all other views                                     v' = b'[part]

import { Node } from "../autograd/node.js";
import type { Meta, Op } from "../autograd/op.js";
import type { Base } from "../autograd/sharing.js";
import { Variable } from "../autograd/variable.js";
import { ShapeError } from "../core/errors.js";
import { isOneToOne, type Layout } from "../core/layout.js";
import type { NDArray } from "../kernels/array.js";
import { extentOf, type Part, part as partOp } from "../ops/part.js";
import type { Tensor } from "./tensor.js";

/** What an in-place change of a view changes. */
export interface ChangedPart {
  readonly base: Base;
  readonly part: Part;
}

/** The part of its base that an in-place change of a tensor changes; undefined if the tensor is no view. */
export function changedPart(name: string, { share, array, shape }: Tensor): ChangedPart | undefined {
  if (share?.kind !== "view") return undefined;
  const part = partOf(array, share.base);
  if (part !== undefined && isOneToOne(share.base.layout)) return { base: share.base, part };
  const problem = `it is a view of a tensor whose elements ${part === undefined ? "have moved" : "share memory"}`;
  throw new ShapeError(name, [shape], problem, "clone() it first");
}

/** Gives a tensor its place on the tape after in-place changes of what it shares memory with, if the tape follows them. */
export function catchUp(tensor: Tensor): void {
  const { share, shape, dtype, isDisposed } = tensor;
  if (isDisposed || (share?.kind !== "base" && share?.kind !== "view")) return;
  const { base, sharing, kind } = share;
  const part = kind === "view" ? partOf(tensor.array, base) : undefined;
  if (kind === "view" && part === undefined) return;
  share.included = sharing.changes;
  if (part === undefined) {
    tensor.variable = base.variable;
  } else {
    const inputs = [{ shape: base.shape, dtype }];
    tensor.variable = new Variable(new Node(partOp as Op, part, [base.variable], inputs, [{ shape, dtype }], []));
  }
}

/** Where a view lies in its base; undefined if it lies elsewhere: its base moved, or was never computed. */
function partOf({ layout: own }: NDArray, { layout: base }: Base): Part | undefined {
  const memory = { ...base, offset: 0 };
  const layout: Layout = { ...own, offset: own.offset - base.offset };
  return layout.offset < 0 || extentOf(layout) > extentOf(memory) ? undefined : { memory, layout };
}

/**
 * An op on a view, as an op on its base: the first operand and the result are those of the base.
 * @param own - the first operand, as the op sees it
 * @param result - the result of the op
 */
export function onPart<Attributes>(op: Op<Attributes>, part: Part, own: Meta, result: Meta): Op<Attributes> {
  const { backward } = op;
  return {
    ...op,
    backward:
      backward &&
      (([dy], context) => {
        const inputs = [own, ...context.inputs.slice(1)];
        const [dx, ...others] = backward([dy!.part(part).to(result.dtype)], { ...context, inputs });
        if (!context.needs[0]) return [undefined, ...others];
        return [dy!.withPart(dx?.to(dy!.dtype) ?? dy!.newZeros(part.layout.shape), part), ...others];
      }),
  };
}
