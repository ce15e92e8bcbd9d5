// One layer of a recurrent network, over all steps in time.

import { checkTensor } from "../../core/check.js";
import { formatShape, ShapeError } from "../../core/errors.js";
import { sameShape } from "../../core/shape.js";
import type { Cell } from "../../kernels/recurrent.js";
import { recurrent as recurrentOp } from "../../ops/recurrent.js";
import { zeros } from "../../tensor/create.js";
import { cat, stack } from "../../tensor/join.js";
import { applyMulti, type Tensor } from "../../tensor/tensor.js";
import { linear } from "./linear.js";

/** The weights of one direction. */
export interface RecurrentWeights {
  readonly weightIh: Tensor; // [G H, I]
  readonly weightHh: Tensor; // [G H, P]
  readonly biasIh: Tensor | undefined; // [G H]
  readonly biasHh: Tensor | undefined; // [G H]
  readonly weightHr?: Tensor | undefined; // [P, H]
}

export interface RecurrentStates {
  /** [D, B, P]; zeros where it is left out. */
  readonly h0: Tensor | undefined;
  /** Of an LSTM: [D, B, H]. */
  readonly c0: Tensor | undefined;
}

/**
 * A layer with the weights of its D directions: x [T, B, I] -> output [T, B, D P], and the states after the last step.
 * The input's part of all gates at all times is one matrix product.
 */
export function recurrentLayer(
  cell: Cell,
  x: Tensor,
  directions: readonly RecurrentWeights[],
  { h0, c0 }: RecurrentStates,
  batchFirst: boolean,
): { output: Tensor; hn: Tensor; cn: Tensor } {
  const all = (name: keyof RecurrentWeights): Tensor[] => directions.flatMap((weights) => weights[name] ?? []);
  const [biasIh, biasHh] = [side(all("biasIh")), side(all("biasHh"))];
  const isGru = cell === "gru"; // its reset gate takes in the hidden side's bias, so both biases stay apart
  const bias = biasIh && biasHh && !isGru ? biasIh.add(biasHh) : biasIh;
  const weightIh = side(all("weightIh"))!;
  const gates = linear(x, weightIh, bias); // [T, B, D G H]
  const weight = above(all("weightHh"));
  const projection = all("weightHr");
  const [D, GH, P] = weight.shape as [number, number, number];
  const B = x.shape[batchFirst ? 0 : 1]!;
  const state = (size: number): Tensor => zeros([D, B, size], { dtype: gates.dtype });
  const hiddenBias = isGru ? (biasHh?.reshape([D, GH]) ?? zeros([D, GH], { dtype: gates.dtype })) : 0;
  const isProjected = projection.length > 0;
  const [output, hn, cn] = applyMulti(
    recurrentOp,
    [
      gates,
      weight,
      hiddenBias,
      isProjected ? above(projection) : 0,
      h0 ?? state(P),
      cell === "lstm" ? (c0 ?? state(GH / 4)) : 0,
      x,
      weightIh,
      bias ?? 0,
    ],
    { cell, batchFirst, isProjected },
  ) as [Tensor, Tensor, Tensor];
  return { output, hn, cn };
}

/** Throws unless an initial state has the shape it must have. */
export function checkState(op: string, name: string, state: Tensor | undefined, shape: readonly number[]): void {
  if (state === undefined) return;
  checkTensor(op, state, `${name} as a tensor`);
  if (sameShape(state.shape, shape)) return;
  throw new ShapeError(op, [state.shape], `${name} must be ${formatShape(shape)}`);
}

/** One below the other. */
function side(tensors: readonly Tensor[]): Tensor | undefined {
  return tensors.length > 1 ? cat(tensors, 0) : tensors[0];
}

/** In a new first dimension. */
function above(tensors: readonly Tensor[]): Tensor {
  return tensors.length > 1 ? stack(tensors, 0) : tensors[0]!.unsqueeze(0);
}
