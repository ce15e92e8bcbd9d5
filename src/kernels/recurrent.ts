// Recurrent layers: all steps in time of one layer, of one direction or of both at once. A step is a matrix product and a
// kernel for what follows it, forward and back.

import { permute, select } from "../core/layout.js";
import { NDArray } from "./array.js";
import { inFrame } from "./frame.js";
import { matmul } from "./matmul.js";
import { functions } from "./pointwise/common.js";
import { Steps } from "./recurrent-steps.js";
import type { WgslFile } from "./source.js";
import gruWgsl from "./wgsl/gru.js";
import lstmWgsl from "./wgsl/lstm.js";
import rnnWgsl from "./wgsl/rnn.js";

export type Cell = "lstm" | "gru" | "tanh" | "relu";

/** Gates of each kind of cell, which are the rows of its weight in units of H. */
export const GATES: Readonly<Record<Cell, number>> = { lstm: 4, gru: 3, tanh: 1, relu: 1 };

export interface RecurrentAttributes {
  readonly cell: Cell;
  /** Whether x is [B, T, ...] rather than [T, B, ...]; the output is like it. */
  readonly batchFirst: boolean;
  /** Whether the hidden state of an LSTM is projected. */
  readonly isProjected: boolean;
}

export interface RecurrentOperands {
  /** [D, G H, P] */
  readonly weight: NDArray;
  /** The hidden side's own, of a GRU: [D, 3 H]. Otherwise anything. */
  readonly bias: NDArray;
  /** [D, P, H] where the hidden state is projected; otherwise anything, and P = H. */
  readonly projection: NDArray;
  /** [D, B, P] */
  readonly h0: NDArray;
  /** Of an LSTM: [D, B, H]. Otherwise anything. */
  readonly c0: NDArray;
}

/** What the derivative needs beside the operands and the output. */
export interface RecurrentExtras {
  /** Of LSTM and GRU: four values for each unit and row. */
  readonly gates: NDArray;
  /** Of an LSTM. */
  readonly cells: NDArray;
  /** Of a projected LSTM: what is projected. */
  readonly hidden: NDArray;
}

const files: Readonly<Record<Cell, WgslFile>> = { lstm: lstmWgsl, gru: gruWgsl, tanh: rnnWgsl, relu: rnnWgsl };

/**
 * @param input - the input's part of the gates: [T, B, D G H] or [B, T, D G H]
 * @returns the output [T, B, D, P] or [B, T, D, P], and the states after the last step
 */
export function recurrent(
  input: NDArray,
  operands: RecurrentOperands,
  { cell, batchFirst, isProjected }: RecurrentAttributes,
): RecurrentExtras & { output: NDArray; hn: NDArray; cn: NDArray } {
  const { weight, projection } = operands;
  const [D, GH, P] = weight.shape as [number, number, number];
  const H = GH / GATES[cell];
  const x = input.contiguous();
  const steps = new Steps(x, D, H, batchFirst);
  const none = NDArray.constant(0, x.dtype, [], x.device);

  const output = steps.rows(P);
  const h = steps.copy(operands.h0);
  const isLong = cell === "lstm";
  const c = isLong ? steps.copy(operands.c0) : none;
  const cells = isLong ? steps.rows(H) : none;
  const gates = isLong || cell === "gru" ? steps.rows(4 * H) : none;
  const hidden = isProjected ? steps.rows(H) : none; // of each row
  const [y, state] = isProjected ? [hidden, steps.state(H)] : [output, h]; // state: of the last step
  const product = steps.state(GH);
  const arrays = {
    lstm: [product, gates, cells, y, state, c],
    gru: [product, gates, y, state],
    tanh: [product, y, state],
    relu: [product, y, state],
  }[cell];
  const width = steps.widthFor([x]);
  const kernel = steps.kernel(files[cell], width, isLong || cell === "gru" ? {} : { IS_RELU: Number(cell === "relu") });

  for (let s = 0; s < steps.T; s++) {
    inFrame(() => {
      gatesOf(h, operands, cell).computeInto(product.realize());
      steps.launch(kernel, s, width, x, arrays);
      if (!isProjected) return undefined;
      matmul(state, transposed(projection)).computeInto(h.realize()); // [D, B, H] @ [D, H, P]
      for (let d = 0; d < D; d++) part(h, d).computeInto(steps.at(output, s, d).realize());
      return undefined;
    });
  }
  return { output, hn: h, cn: c, gates, cells, hidden };
}

/** The hidden side's part of the gates: [D, B, P] @ [D, P, G H]. */
function gatesOf(h: NDArray, { weight, bias }: RecurrentOperands, cell: Cell): NDArray {
  const product = matmul(h, transposed(weight));
  if (cell !== "gru") return product;
  const [D, GH] = bias.shape as [number, number];
  const shift = bias.reshape([D, 1, GH]);
  return NDArray.pointwise(functions.add, h.dtype, product.shape, [product, shift]);
}

export function transposed(matrices: NDArray): NDArray {
  return matrices.view((layout) => permute(layout, [0, 2, 1]));
}

/** One direction's part. */
export function part(array: NDArray, d: number): NDArray {
  return array.view((layout) => select(layout, 0, d));
}
