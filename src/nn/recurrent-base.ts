// What recurrent layers have in common.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { type Cell, GATES } from "../kernels/recurrent.js";
import { cat } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkState, type RecurrentStates, type RecurrentWeights, recurrentLayer } from "./functional/recurrent.js";
import * as F from "./functional.js";
import { uniform } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { snakeCase } from "./state.js";

export interface RecurrentOptions {
  /** Layers, each of which takes the output of the one before. Default 1. */
  readonly numLayers?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether x and the output are [B, T, ...] rather than [T, B, ...]. Default false. */
  readonly batchFirst?: boolean;
  /** Probability of F.dropout on the output of each layer but the last, in training. Default 0. */
  readonly dropout?: number;
  /** Whether each layer also reads x from its end; the output has both results side by side. Default false. */
  readonly bidirectional?: boolean;
}

/** @internal The names of options that all of them have. */
export const RECURRENT_OPTIONS = ["numLayers", "bias", "batchFirst", "dropout", "bidirectional"] as const;

/** Layers of one kind of cell. Weights are fields: weightIhL0, weightHhL0, biasIhL0, weightIhL0Reverse ... */
export abstract class Recurrent extends Module {
  [weight: `weight${"Ih" | "Hh" | "Hr"}L${string}` | `bias${"Ih" | "Hh"}L${string}`]: Parameter;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;

  constructor(
    protected readonly cell: Cell,
    readonly inputSize: number,
    readonly hiddenSize: number,
    given: RecurrentOptions | undefined,
    readonly projSize = 0,
  ) {
    super();
    const { name } = this.constructor;
    const options = checkOptions(name, given, RECURRENT_OPTIONS);
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false } = options;
    checkWhole(name, { inputSize, projSize });
    checkWhole(name, { hiddenSize, numLayers }, 1);
    if (!(dropout >= 0 && dropout <= 1))
      throw new RangeError(`${name}: dropout must be between 0 and 1, got ${dropout}`);
    if (projSize >= hiddenSize) {
      throw new RangeError(`${name}: projSize must be smaller than hiddenSize, got ${projSize} and ${hiddenSize}`);
    }
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    const rows = GATES[cell] * hiddenSize;
    const parameter = (...shape: number[]): Parameter => new Parameter(uniform(shape, 1 / Math.sqrt(hiddenSize)));
    for (const [layer, ends] of this.#ends.entries()) {
      for (const end of ends) {
        this[`weightIh${end}`] = parameter(rows, layer === 0 ? inputSize : ends.length * this.#outputSize);
        this[`weightHh${end}`] = parameter(rows, this.#outputSize);
        if (bias) {
          this[`biasIh${end}`] = parameter(rows);
          this[`biasHh${end}`] = parameter(rows);
        }
        if (projSize > 0) this[`weightHr${end}`] = parameter(projSize, hiddenSize);
      }
    }
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  /** Each step multiplies with each weight once. */
  override macs([x]: readonly unknown[]): number {
    const steps = (x as Tensor).numel() / this.inputSize; // T B
    const matrices = this.parameters().filter(({ ndim }) => ndim === 2);
    return steps * matrices.reduce((sum, weight) => sum + weight.numel(), 0);
  }

  /**
   * @param h0 - [layers D, B, P], [layers D, P] for x without a batch
   * @param c0 - [layers D, B, H], likewise
   */
  protected run(x: Tensor, h0?: Tensor, c0?: Tensor): { output: Tensor; hn: Tensor; cn: Tensor } {
    const { name } = this.constructor;
    const { batchFirst, hiddenSize, numLayers } = this;
    checkTensor(name, x);
    if ((x.ndim !== 2 && x.ndim !== 3) || x.shape.at(-1) !== this.inputSize) {
      const form = batchFirst ? "[B, T, " : "[T, B, ";
      throw new ShapeError(name, [x.shape], `x must be ${form}${this.inputSize}] or [T, ${this.inputSize}]`);
    }
    const isBatched = x.ndim === 3;
    const D = this.bidirectional ? 2 : 1;
    const [batchDim, timeDim] = batchFirst ? [0, 1] : [1, 0];
    let y = isBatched ? x : x.unsqueeze(batchDim);
    if (y.shape[timeDim] === 0) throw new ShapeError(name, [x.shape], "x must have at least one step");
    const batch = isBatched ? [y.shape[batchDim]!] : [];
    checkState(name, "h0", h0, [numLayers * D, ...batch, this.#outputSize]);
    checkState(name, "c0", c0, [numLayers * D, ...batch, hiddenSize]);
    const states = [h0, c0].map((state) => (state && !isBatched ? state.unsqueeze(1) : state));
    const finals: { hn: Tensor[]; cn: Tensor[] } = { hn: [], cn: [] };
    for (const [layer, ends] of this.#ends.entries()) {
      const [h, c] = states.map((state) => state?.narrow(0, layer * D, D));
      if (layer > 0 && this.dropout > 0) y = F.dropout(y, { p: this.dropout, training: this.training });
      const own: RecurrentStates = { h0: h, c0: c };
      const { output, hn, cn } = recurrentLayer(this.cell, y, ends.map(this.#weights), own, batchFirst);
      finals.hn.push(hn);
      finals.cn.push(cn);
      y = output;
    }
    const joined = (all: readonly Tensor[]): Tensor => {
      const final = all.length > 1 ? cat(all, 0) : all[0]!;
      return isBatched ? final : final.squeeze(1);
    };
    const cn = this.cell === "lstm" ? joined(finals.cn) : finals.cn[0]!;
    return { output: isBatched ? y : y.squeeze(batchDim), hn: joined(finals.hn), cn };
  }

  /** The end of the names of each layer's weights, by direction. */
  get #ends(): `L${string}`[][] {
    return Array.from({ length: this.numLayers }, (_, layer) => {
      return (this.bidirectional ? ["", "Reverse"] : [""]).map((direction) => `L${layer}${direction}` as const);
    });
  }

  get #outputSize(): number {
    return this.projSize > 0 ? this.projSize : this.hiddenSize;
  }

  readonly #weights = (end: `L${string}`): RecurrentWeights => ({
    weightIh: this[`weightIh${end}`]!,
    weightHh: this[`weightHh${end}`]!,
    biasIh: this[`biasIh${end}`],
    biasHh: this[`biasHh${end}`],
    weightHr: this[`weightHr${end}`],
  });

  protected override extraRepr(): string {
    const { inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, projSize } = this;
    const set = { numLayers, bias, batchFirst, dropout, bidirectional, projSize };
    const usual = { numLayers: 1, bias: true, batchFirst: false, dropout: 0, bidirectional: false, projSize: 0 };
    const others = Object.entries(set).filter(([name, value]) => value !== usual[name as keyof typeof usual]);
    return [`${inputSize}, ${hiddenSize}`, ...others.map(([name, value]) => `${name}=${value}`)].join(", ");
  }
}

/** @internal */
export function checkedNonlinearity(op: string, nonlinearity: string): "tanh" | "relu" {
  if (nonlinearity === "tanh" || nonlinearity === "relu") return nonlinearity;
  throw new TapegradError(op, `nonlinearity must be "tanh" or "relu", got ${JSON.stringify(nonlinearity)}`);
}

/** @internal */
export function checkPair(op: string, states: readonly Tensor[]): void {
  if (Array.isArray(states) && (states.length === 0 || states.length === 2)) return;
  throw new TapegradError(op, "the initial states are a pair [h0, c0]");
}
