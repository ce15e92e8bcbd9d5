// The derivative of a recurrent layer: its steps in the opposite order, and then what is summed over all of them.

import { contiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { inFrame } from "./frame.js";
import { matmul } from "./matmul.js";
import { functions } from "./pointwise/common.js";
import {
  type Cell,
  GATES,
  part,
  type RecurrentAttributes,
  type RecurrentExtras,
  type RecurrentOperands,
  transposed,
} from "./recurrent.js";
import { byDirection, Steps } from "./recurrent-steps.js";
import { reduce } from "./reduce.js";
import type { WgslFile } from "./source.js";
import gruWgsl from "./wgsl/gru-gradient.js";
import lstmWgsl from "./wgsl/lstm-gradient.js";
import rnnWgsl from "./wgsl/rnn-gradient.js";

const files: Readonly<Record<Cell, WgslFile>> = { lstm: lstmWgsl, gru: gruWgsl, tanh: rnnWgsl, relu: rnnWgsl };

/** dL/doutput, and dL/d of the states after the last step. */
export interface RecurrentCotangents {
  readonly dy: NDArray;
  readonly dhn: NDArray;
  readonly dcn: NDArray;
}

/** Gradients for all operands; of those that are not there, anything. */
export function recurrentGradients(
  operands: RecurrentOperands,
  output: NDArray,
  { gates, cells, hidden }: RecurrentExtras,
  { dy: dOutput, dhn, dcn }: RecurrentCotangents,
  { cell, batchFirst, isProjected }: RecurrentAttributes,
): Readonly<Record<"dx" | "dweight" | "dbias" | "dprojection" | "dh0" | "dc0", NDArray>> {
  const { weight, projection, h0, c0 } = operands;
  const [D, GH, P] = weight.shape as [number, number, number];
  const G = GATES[cell];
  const H = GH / G;
  const steps = new Steps(output, D, H, batchFirst);
  const none = NDArray.constant(0, dOutput.dtype, [], dOutput.device);
  const [dy, y] = [dOutput.contiguous(), output.contiguous()];
  const initial = cell === "lstm" ? c0.contiguous() : h0.contiguous();

  const dx = steps.rows(GH);
  const back = steps.copy(dhn); // dL/dh by way of the steps after
  const dc = cell === "lstm" ? steps.copy(dcn) : none;
  const dProjected = isProjected ? steps.rows(P) : none;
  const dHidden = isProjected ? steps.state(H) : back;
  const dRecurrent = cell === "gru" ? steps.rows(GH) : dx;
  // A GRU's h also reaches the next one directly, which lies behind the gates of the step.
  const state = cell === "gru" ? NDArray.empty(dy.dtype, [D * steps.B * (GH + H)], dy.device) : steps.state(GH);
  const [dgates, direct] = cell === "gru" ? halves(state, [D, steps.B, GH], [D, steps.B, H]) : [state, none];

  const width = steps.widthFor([dy, y, initial]);
  const arrays = {
    lstm: [dHidden, gates, cells, initial, dc, dx, dgates],
    gru: [back, gates, y, initial, dx, dRecurrent, state],
    tanh: [back, y, dx, dgates],
    relu: [back, y, dx, dgates],
  }[cell];
  const constants: Readonly<Record<Cell, Readonly<Record<string, number>>>> = {
    lstm: { HAS_DY: Number(!isProjected) },
    gru: {},
    tanh: { IS_RELU: 0 },
    relu: { IS_RELU: 1 },
  };
  const kernel = steps.kernel(files[cell], width, constants[cell]);
  const paramsAt = (s: number): number[] => {
    const [isFirst, isLast] = [Number(s === 0), Number(s === steps.T - 1)];
    if (cell === "lstm") return [initial.start / width, isFirst];
    if (cell !== "gru") return [y.start / width];
    return [y.start / width, initial.start / width, direct.start / width, isFirst, isLast];
  };
  for (let s = steps.T - 1; s >= 0; s--) {
    inFrame(() => {
      for (let d = 0; isProjected && d < D; d++) {
        const sum = [steps.at(dy, s, d), part(back, d)];
        const own = steps.at(dProjected, s, d); // [B, P]
        NDArray.pointwise(functions.add, dy.dtype, own.shape, sum).computeInto(own.realize());
        matmul(own, part(projection, d)).computeInto(part(dHidden, d).realize());
      }
      steps.launch(kernel, s, width, dy, arrays, paramsAt(s));
      matmul(dgates, weight).computeInto(back.realize()); // [D, B, G H] @ [D, G H, P]
      return undefined;
    });
  }
  const sums = byDirection(dRecurrent); // [D, rows, G H]
  return {
    dx: dx.reshape([...steps.shape, D * GH]),
    dweight: matmul(transposed(sums), byDirection(steps.before(y, h0))),
    dbias: cell === "gru" ? reduce("sum", sums, [1], { shape: [D, GH] }) : none,
    dprojection: isProjected ? matmul(transposed(byDirection(dProjected)), byDirection(hidden)) : none,
    dh0: cell === "gru" ? NDArray.pointwise(functions.add, dy.dtype, back.shape, [back, direct]) : back,
    dc0: dc,
  };
}

function halves(array: NDArray, first: readonly number[], second: readonly number[]): [NDArray, NDArray] {
  const at = (shape: readonly number[], start: number): NDArray => {
    return array.view(({ offset }) => contiguous(shape, offset + start));
  };
  return [at(first, 0), at(second, numel(first))];
}
