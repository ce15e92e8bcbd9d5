// Which tensors share memory by construction: a base and its views. An in-place change of any of them becomes part of the
// history of the base, from which the views take theirs anew when they are next used (tensor/view-history.ts).

import { AutogradError, formatShape } from "../core/errors.js";
import type { Layout } from "../core/layout.js";
import type { Tensor } from "../tensor/tensor.js";
import { isGradEnabled } from "./modes.js";
import type { Meta } from "./op.js";
import type { Variable } from "./variable.js";

/** What a base and all its views have in common. */
interface Sharing {
  /** In-place changes that were recorded. */
  changes: number;
  /** The last of them, in words. */
  lastChange: string;
  /** Whether the base requires grad. */
  requiresGrad: boolean;
}

/** What the history of a view starts from. The base may be gone: its place on the tape is the same. */
export interface Base extends Meta {
  /** Where its elements lie in the storage. */
  readonly layout: Layout;
  /** Its place on the tape, after all changes. */
  variable: Variable | undefined;
}

/**
 * Views that the tape does not follow: made under noGrad, one of several that split(), chunk() or unbind() made, or made
 * inside an autograd.Function.
 */
type Unfollowed = "noGrad" | "several" | "function";

/** A tensor's part in a sharing. */
export type Share = {
  readonly sharing: Sharing;
  /** How many of the changes the tensor's history includes. */
  included: number;
} & (
  | { readonly kind: "base" | "view"; readonly base: Base }
  | { readonly kind: Unfollowed } // without the base, whose tape would be kept for nothing
);

/** Notes that `view` has the memory of `origin`, or of what that is a view of. */
export function shareMemory(view: Tensor, origin: Tensor, kind: "view" | Unfollowed = "view"): void {
  const from = (origin.share ??= shareOf(origin));
  const { sharing, included } = from;
  if (from.kind !== "base" && from.kind !== "view") view.share = { sharing, included, kind: from.kind };
  // Made now without a history, so that none of the changes until now is missing in it.
  else if (!isGradEnabled()) view.share = { sharing, included: sharing.changes, kind: "noGrad" };
  else if (kind !== "view") view.share = { sharing, included, kind };
  else view.share = { sharing, included, kind, base: from.base };
}

function shareOf({ shape, dtype, variable, array }: Tensor): Share {
  const sharing = { changes: 0, lastChange: "", requiresGrad: variable !== undefined };
  return { sharing, included: 0, kind: "base", base: { shape, dtype, layout: array.layout, variable } };
}

/** Notes that views were made together. */
export function madeTogether(views: Tensor[]): Tensor[] {
  for (const view of views) {
    const { share } = view;
    if (share?.kind === "view") view.share = { sharing: share.sharing, included: share.included, kind: "several" };
  }
  return views;
}

/**
 * Notes that an in-place change of the tensor was recorded.
 * @param variable - the place of its base, if it is a view, or else of the tensor, after the change
 */
export function recordChange(name: string, tensor: Tensor, variable: Variable): void {
  const { share, shape, madeBy } = tensor;
  if (share === undefined || share.kind === "base") tensor.variable = variable;
  if (share === undefined) return;
  share.sharing.lastChange = `${name} changed a tensor ${formatShape(shape)} in place (made by ${madeBy})`;
  share.sharing.requiresGrad = true;
  share.sharing.changes++;
  if (share.kind === "base") share.included++;
  if (share.kind === "view") share.base.variable = variable;
}

/** Throws if the tensor's values come from an in-place change that its history does not include. */
export function assertHistory(op: string, tensor: Tensor): void {
  const { share, shape, madeBy } = tensor;
  if (share === undefined || share.included === share.sharing.changes) return;
  void tensor.variable; // includes the changes, if the tape follows them
  if (share.included === share.sharing.changes) return;
  const [which, fix] = isUnfollowed(share.kind) ? reasons[share.kind] : OUTSIDE;
  throw new AutogradError(
    op,
    `${share.sharing.lastChange}, and this tensor ${formatShape(shape)} is an older view of it (made by ${madeBy}), ${which}, ` +
      `which the tape does not follow; ${fix}`,
  );
}

/** Throws if an in-place change of the tensor would have to become part of a history that the tape does not follow. */
export function assertFollowed(name: string, { share, madeBy }: Tensor, operands: readonly Tensor[]): void {
  if (share === undefined || share.kind === "base") return;
  if (share.kind === "view") {
    if (share.base.variable === undefined || share.base.variable.node !== undefined) return;
    const problem = `this tensor is a view (made by ${madeBy}) of a leaf that requires grad, which cannot change in place`;
    throw new AutogradError(name, `${problem} while the tape records; wrap it in noGrad(() => ...)`);
  }
  if (!share.sharing.requiresGrad && !operands.some(({ requiresGrad }) => requiresGrad)) return;
  const [which, fix] = reasons[share.kind];
  throw new AutogradError(
    name,
    `this tensor is a view (made by ${madeBy}), ${which}, and the tape does not follow in-place changes of such; ${fix}`,
  );
}

function isUnfollowed(kind: Share["kind"]): kind is Unfollowed {
  return kind in reasons;
}

const reasons: Readonly<Record<Unfollowed, readonly [which: string, fix: string]>> = {
  noGrad: ["made under noGrad", "take the view where the tape records, or clone() it first"],
  several: [
    "one of several that split(), chunk() or unbind() made",
    "take it with narrow() or select(), or clone() it first",
  ],
  function: ["made inside an autograd.Function, whose derivative would be bypassed", "clone() it first"],
};
const OUTSIDE = ["whose base has other memory by now", "take the view after the change, or clone() it first"] as const;
