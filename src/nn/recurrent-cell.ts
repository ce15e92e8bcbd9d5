// One step of a recurrent layer, for loops of one's own. Whole sequences are faster in one call of RNN, LSTM or GRU.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { checkOptions, type Optional, optional } from "../core/options.js";
import { type Cell, GATES } from "../kernels/recurrent.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkState, recurrentLayer } from "./functional/recurrent.js";
import { uniform } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { checkedNonlinearity, checkPair } from "./recurrent-base.js";
import { snakeCase } from "./state.js";

export interface RecurrentCellOptions {
  /** Default true. */
  readonly bias?: boolean;
}

/** What RNNCell, LSTMCell and GRUCell have in common. */
abstract class RecurrentCell extends Module {
  weightIh: Parameter;
  weightHh: Parameter;
  biasIh: Parameter | null;
  biasHh: Parameter | null;

  constructor(
    protected readonly cell: Cell,
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: RecurrentCellOptions | undefined,
  ) {
    super();
    const { bias = true } = checkOptions(this.constructor.name, options, ["bias"]);
    checkWhole(this.constructor.name, { inputSize });
    checkWhole(this.constructor.name, { hiddenSize }, 1);
    const rows = GATES[cell] * hiddenSize;
    const parameter = (...shape: number[]): Parameter => new Parameter(uniform(shape, 1 / Math.sqrt(hiddenSize)));
    this.weightIh = parameter(rows, inputSize);
    this.weightHh = parameter(rows, hiddenSize);
    this.biasIh = bias ? parameter(rows) : null;
    this.biasHh = bias ? parameter(rows) : null;
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  override macs([x]: readonly unknown[]): number {
    return ((x as Tensor).numel() / this.inputSize) * (this.weightIh.numel() + this.weightHh.numel());
  }

  /** x [B, I] or [I], h and c [B, H] or [H]. */
  protected run(x: Tensor, h?: Tensor, c?: Tensor): { h: Tensor; c: Tensor } {
    const { name } = this.constructor;
    const { inputSize, hiddenSize } = this;
    checkTensor(name, x);
    if ((x.ndim !== 1 && x.ndim !== 2) || x.shape.at(-1) !== inputSize) {
      throw new ShapeError(name, [x.shape], `x must be [B, ${inputSize}] or [${inputSize}]`);
    }
    const lead = x.shape.slice(0, -1);
    checkState(name, "h", h, [...lead, hiddenSize]);
    checkState(name, "c", c, [...lead, hiddenSize]);
    const [B] = lead.length > 0 ? lead : [1];
    const states = [h, c].map((state) => state?.reshape([1, B!, hiddenSize]));
    const weights = {
      weightIh: this.weightIh,
      weightHh: this.weightHh,
      biasIh: this.biasIh ?? undefined,
      biasHh: this.biasHh ?? undefined,
    };
    const steps = x.reshape([1, B!, inputSize]);
    const { hn, cn } = recurrentLayer(this.cell, steps, [weights], { h0: states[0], c0: states[1] }, false);
    const shape = [...lead, hiddenSize];
    return { h: hn.reshape(shape), c: this.cell === "lstm" ? cn.reshape(shape) : cn };
  }

  protected override extraRepr(): string {
    const { inputSize, hiddenSize, biasIh } = this;
    return `${inputSize}, ${hiddenSize}${biasIh === null ? ", bias=false" : ""}`;
  }
}

export interface RNNCellOptions extends RecurrentCellOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/**
 * h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: x [B, inputSize] and h [B, hiddenSize], or both without B, ->
 * [B, hiddenSize]. Without h it is zeros. Weights and biases start uniform in +-1 / sqrt(hiddenSize).
 */
export class RNNCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, given?: RNNCellOptions) {
    const { nonlinearity = "tanh", ...options } = checkOptions("RNNCell", given, ["bias", "nonlinearity"]);
    super(checkedNonlinearity("RNNCell", nonlinearity), inputSize, hiddenSize, options);
  }

  forward(x: Tensor, hx?: Optional<"hx", Tensor>): Tensor {
    return this.run(x, optional<"hx", Tensor | undefined>(hx, "hx", undefined)).h;
  }
}

/** One step of nn.GRU; shapes and initial weights as in RNNCell. */
export class GRUCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options?: RecurrentCellOptions) {
    super("gru", inputSize, hiddenSize, options);
  }

  forward(x: Tensor, hx?: Optional<"hx", Tensor>): Tensor {
    return this.run(x, optional<"hx", Tensor | undefined>(hx, "hx", undefined)).h;
  }
}

/** One step of nn.LSTM: x and the pair [h, c] -> the next pair; shapes and initial weights as in RNNCell. */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options?: RecurrentCellOptions) {
    super("lstm", inputSize, hiddenSize, options);
  }

  forward(x: Tensor, hx?: Optional<"hx", readonly [h: Tensor, c: Tensor]>): [h: Tensor, c: Tensor] {
    const states = optional<"hx", readonly Tensor[]>(hx, "hx", []);
    checkPair("LSTMCell", states);
    const { h, c } = this.run(x, ...states);
    return [h, c];
  }
}
