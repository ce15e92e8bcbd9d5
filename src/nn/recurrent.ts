// Recurrent layers. Their cells, for loops of one's own, are in recurrent-cell.ts.

import { checkOptions, type Optional, optional } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  checkedNonlinearity,
  checkPair,
  RECURRENT_OPTIONS,
  Recurrent,
  type RecurrentOptions,
} from "./recurrent-base.js";

export type { RecurrentOptions };

export interface RNNOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/**
 * A simple recurrent network (Elman, "Finding structure in time", 1990): with W and b a layer's weights,
 *   h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), or relu of that
 *
 * x [T, B, inputSize] -> [output [T, B, D hiddenSize], hn [numLayers D, B, hiddenSize]], where D is 2 if bidirectional;
 * [B, T, ...] where the batch comes first, and x [T, inputSize] is one sequence without a batch. The state before the first
 * step, by position or as an option, is like hn; without it, zeros. Weights and biases start uniform in
 * +-1 / sqrt(hiddenSize).
 *
 *     const rnn = new nn.RNN(10, 20, { numLayers: 2 });
 *     const [output, hn] = rnn.forward(randn([5, 3, 10])); // [5, 3, 20], [2, 3, 20]
 */
export class RNN extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, given?: RNNOptions) {
    const { nonlinearity = "tanh", ...options } = checkOptions("RNN", given, [...RECURRENT_OPTIONS, "nonlinearity"]);
    super(checkedNonlinearity("RNN", nonlinearity), inputSize, hiddenSize, options);
  }

  forward(x: Tensor, hx?: Optional<"hx", Tensor>): [output: Tensor, hn: Tensor] {
    const { output, hn } = this.run(x, optional<"hx", Tensor | undefined>(hx, "hx", undefined));
    return [output, hn];
  }
}

/**
 * A gated recurrent unit (Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014): * is by element,
 *   r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)        z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
 *   n = tanh(W_in x + b_in + r * (W_hn h + b_hn))     h_t = (1 - z) * n + z * h
 *
 * The weights of r, z and n lie one below the other in this order. Shapes, states and initial weights as in RNN.
 */
export class GRU extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options?: RecurrentOptions) {
    super("gru", inputSize, hiddenSize, options);
  }

  forward(x: Tensor, hx?: Optional<"hx", Tensor>): [output: Tensor, hn: Tensor] {
    const { output, hn } = this.run(x, optional<"hx", Tensor | undefined>(hx, "hx", undefined));
    return [output, hn];
  }
}

export interface LSTMOptions extends RecurrentOptions {
  /** If positive, h is projected to this size by a further weight, weightHrL0. Default 0. */
  readonly projSize?: number;
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., "Learning to forget", 2000): * is by element,
 *   i, f, o = sigmoid(W_i x + b_i + W_h h + b_h), each with weights of its own      g = tanh of the like
 *   c_t = f * c + i * g                                                              h_t = o * tanh(c_t)
 *
 * The weights of i, f, g and o lie one below the other in this order. With projSize, h_t = W_hr (o * tanh(c_t)).
 * Returns [output, [hn, cn]]; the states before the first step are the like pair [h0, c0]. hn is [numLayers D, B, P], where
 * P is projSize or hiddenSize, cn [numLayers D, B, hiddenSize], output [T, B, D P]. All else as in RNN.
 */
export class LSTM extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, given?: LSTMOptions) {
    const { projSize = 0, ...options } = checkOptions("LSTM", given, [...RECURRENT_OPTIONS, "projSize"]);
    super("lstm", inputSize, hiddenSize, options, projSize);
  }

  forward(
    x: Tensor,
    hx?: Optional<"hx", readonly [h0: Tensor, c0: Tensor]>,
  ): [output: Tensor, states: [hn: Tensor, cn: Tensor]] {
    const states = optional<"hx", readonly Tensor[]>(hx, "hx", []);
    checkPair("LSTM", states);
    const { output, hn, cn } = this.run(x, ...states);
    return [output, [hn, cn]];
  }
}
