// Which tensors share memory by construction, a base and its views. Each has a history of its own, and an in-place change
// on the tape becomes part of one history only: here is how the others are found out.

import { AutogradError, formatShape } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";

/** What a base and its views have in common. */
interface Sharing {
  /** In-place changes that were recorded. */
  changes: number;
  /** The last of them, in words. */
  lastChange: string;
  /** Whether the base requires grad. */
  requiresGrad: boolean;
}

/** A tensor's part in a sharing. */
export interface Share {
  readonly sharing: Sharing;
  readonly isView: boolean;
  /** How many of the changes the tensor's history includes. */
  included: number;
}

/** Notes that `view` has the memory of `base`, or of what that is a view of. */
export function shareMemory(view: Tensor, base: Tensor): void {
  base.share ??= {
    sharing: { changes: 0, lastChange: "", requiresGrad: base.requiresGrad },
    isView: false,
    included: 0,
  };
  const { sharing, included } = base.share;
  view.share = { sharing, isView: true, included };
}

/** Notes that an in-place change of `tensor` was recorded. */
export function recordChange(name: string, tensor: Tensor): void {
  const { share, shape, madeBy } = tensor;
  if (share === undefined) return;
  share.sharing.lastChange = `${name} changed a tensor ${formatShape(shape)} in place (made by ${madeBy})`;
  share.sharing.requiresGrad = true;
  share.included = ++share.sharing.changes;
}

/** Throws if the tensor's values come from an in-place change that its history does not include. */
export function assertHistory(op: string, { share, shape, madeBy }: Tensor): void {
  if (share === undefined || share.included === share.sharing.changes) return;
  throw new AutogradError(
    op,
    `${share.sharing.lastChange}, and this tensor ${formatShape(shape)} is an older view of it (made by ${madeBy}), which the ` +
      "tape does not follow; take the view after the change, or clone() it before",
  );
}

/** Throws if an in-place change of the tensor would have to become part of the history of what it is a view of. */
export function assertNoView(name: string, { share, madeBy }: Tensor, operands: readonly Tensor[]): void {
  if (!share?.isView || !(share.sharing.requiresGrad || operands.some(({ requiresGrad }) => requiresGrad))) return;
  throw new AutogradError(
    name,
    `this tensor is a view (made by ${madeBy}), and the tape does not follow in-place changes through views; ` +
      "clone() it first, or compute a new tensor, for instance with where() or cat()",
  );
}
