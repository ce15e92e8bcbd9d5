// Recurrent layers: all steps of one layer as one op.

import { isGradEnabled } from "../autograd/modes.js";
import { defineMultiOp } from "../autograd/multi-op.js";
import type { Op } from "../autograd/op.js";
import { recurrent as launch, type RecurrentAttributes } from "../kernels/recurrent.js";
import { recurrentGradients } from "../kernels/recurrent-gradient.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * A layer of an LSTM, a GRU or a simple recurrent network, of one direction or of both (D = 1 or 2), from the input's part
 * of its gates; wgsl/lstm.wgsl, gru.wgsl and rnn.wgsl have the formulas. Shapes are checked in nn/functional/recurrent.
 *   x [T, B, D G H], weight [D, G H, P], bias [D, 3 H] (GRU), projection [D, P, H] (LSTM), h0 [D, B, P], c0 [D, B, H] (LSTM)
 *   -> output [T, B, D P], hn [D, B, P], cn [D, B, H] (LSTM); with batchFirst, x and output are [B, T, ...]
 * Operands that a kind of layer does not have are 0. x is linear(input, weightIh, biasIh), which derivatives that are
 * recorded compute again.
 */
export const recurrent: Op<RecurrentAttributes> = {
  name: "recurrent",
  inputs: ["x", "weight", "bias", "projection", "h0", "c0", "input", "weightIh", "biasIh"],
  outputs: ["output", "hn", "cn"],
  promotion: "common",
  unpromoted: [],
  saves: () => ["weight", "bias", "projection", "h0", "c0", "input", "weightIh", "biasIh", "output"],
  shape: ([x, weight, , , h0, c0]) => {
    const { dtype, shape } = x!;
    const [D, , P] = weight!.shape as [number, number, number];
    return [{ shape: [...shape.slice(0, 2), D * P], dtype }, h0!, c0!];
  },
  forward: ([x, weight, bias, projection, h0, c0], attributes, [output]) => {
    const operands = { weight: weight!, bias: bias!, projection: projection!, h0: h0!, c0: c0! };
    const { output: rows, hn, cn, ...extras } = launch(x!, operands, attributes);
    return { outputs: [rows.reshape(output!.shape), hn, cn], extras: { ...extras } };
  },
  backward: (dys, { saved, attributes, needs }) => {
    const { weight, bias, projection, h0, c0, output, gates, cells, hidden } = saved as Saved;
    if (isGradEnabled()) return output.recurrentGradientAgain(saved as Saved, dys, needs, attributes);
    return output.recurrentGradient([weight, bias, projection, h0, c0, gates, cells, hidden, ...dys], attributes);
  },
};

type Saved = Readonly<
  Record<"weight" | "bias" | "projection" | "h0" | "c0" | "output" | "gates" | "cells" | "hidden", Tensor> &
    Record<"input" | "weightIh" | "biasIh", Tensor>
>;

/** Gradients of `recurrent` for all of its operands; it has no derivative of its own. */
export const recurrentGradient = defineMultiOp({
  name: "recurrentGradient",
  inputs: ["output", "weight", "bias", "projection", "h0", "c0", "gates", "cells", "hidden", "dy", "dhn", "dcn"],
  outputs: ["dx", "dweight", "dbias", "dprojection", "dh0", "dc0"],
  shape: ({ output, weight, bias, projection, h0, c0 }, _attributes: RecurrentAttributes) => {
    const [D, GH] = weight.shape as [number, number];
    const dx = { shape: [...output.shape.slice(0, 2), D * GH], dtype: output.dtype };
    return { dx, dweight: weight, dbias: bias, dprojection: projection, dh0: h0, dc0: c0 };
  },
  forward: ({ output, dy, dhn, dcn, gates, cells, hidden, ...operands }, attributes) => {
    const [D, , P] = operands.weight.shape as [number, number, number];
    const rows = [...output.shape.slice(0, 2), D, P];
    const cotangents = { dy: dy.reshape(rows), dhn, dcn };
    return recurrentGradients(operands, output.reshape(rows), { gates, cells, hidden }, cotangents, attributes);
  },
});
