// Attention with several heads.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { zeros } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import { randn } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { attend, withLate } from "./functional/attention.js";
import { mergedMask } from "./functional/attention-mask.js";
import { inProjection, type Three } from "./functional/in-projection.js";
import { uniform } from "./initial.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { snakeCase } from "./state.js";

export interface MultiheadAttentionOptions {
  /** Probability of a weight to be left out, in training. Default 0. */
  readonly dropout?: number;
  /** Whether the projections have one. Default true. */
  readonly bias?: boolean;
  /** Whether a learned key and value follow those that are given. Default false. */
  readonly addBiasKv?: boolean;
  /** Whether a key and value of zeros follow. Default false. */
  readonly addZeroAttn?: boolean;
  /** Features of keys. Default embedDim. */
  readonly kdim?: number | null;
  /** Features of values. Default embedDim. */
  readonly vdim?: number | null;
  /** Whether sequences are [B, L, E] rather than [L, B, E]. Default false. */
  readonly batchFirst?: boolean;
}

export interface AttendOptions {
  /** [B, S] (or [S] without a batch): true for keys that nobody attends to; or numbers that are added to their scores. */
  readonly keyPaddingMask?: Tensor | null;
  /** [L, S] or [B numHeads, L, S]: true where there is no attention; or numbers that are added to the scores. */
  readonly attnMask?: Tensor | null;
  /** Whether the weights are returned. Default true: they are computed when they are looked at. */
  readonly needWeights?: boolean;
  /** Whether the weights returned are the mean of those of the heads. Default true. */
  readonly averageAttnWeights?: boolean;
  /** Position l attends to positions 0 to l alone, without a mask in memory. Default false. */
  readonly isCausal?: boolean;
}

const OPTIONS = ["dropout", "bias", "addBiasKv", "addZeroAttn", "kdim", "vdim", "batchFirst"] as const;
const ATTEND_OPTIONS = ["keyPaddingMask", "attnMask", "needWeights", "averageAttnWeights", "isCausal"] as const;

/**
 * y = concat(head_1, ..., head_h) W_out^T + b_out with head_i = softmax(Q_i K_i^T / sqrt(E / h)) V_i, where Q_i, K_i and V_i
 * are head i's part of query W_q^T + b_q, key W_k^T + b_k and value W_v^T + b_v.
 * (Vaswani et al., "Attention is all you need", 2017, section 3.2.2.)
 *
 * query [L, B, E], key [S, B, kdim], value [S, B, vdim] -> [y [L, B, E], weights [B, L, S] or null]; [B, ..., E] with
 * batchFirst, and without B for a single sequence. Masks are true where attention is ruled out, as in PyTorch. Weights start
 * as Xavier's uniform, biases at 0. Fused kernels keep no L x S matrix in memory, but for weights that are looked at,
 * heads of more than 128 features, and masks that require grad.
 *
 *     const attention = new nn.MultiheadAttention(64, 4, { batchFirst: true });
 *     const [y] = attention.forward(x, x, x, { isCausal: true });
 */
export class MultiheadAttention extends Module {
  inProjWeight: Parameter | null = null; // [3 E, E]
  qProjWeight: Parameter | null = null; // [E, E]
  kProjWeight: Parameter | null = null; // [E, kdim]
  vProjWeight: Parameter | null = null; // [E, vdim]
  inProjBias: Parameter | null; // [3 E]
  biasK: Parameter | null; // [1, 1, E]
  biasV: Parameter | null; // [1, 1, E]
  outProj: Linear;
  readonly dropout: number;
  readonly addZeroAttn: boolean;
  readonly kdim: number;
  readonly vdim: number;
  readonly batchFirst: boolean;

  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    given?: MultiheadAttentionOptions,
  ) {
    super();
    const options = checkOptions("MultiheadAttention", given, OPTIONS);
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false } = options;
    const [kdim, vdim] = [options.kdim ?? embedDim, options.vdim ?? embedDim];
    checkWhole("MultiheadAttention", { embedDim, numHeads, kdim, vdim }, 1);
    if (embedDim % numHeads !== 0) {
      throw new TapegradError("MultiheadAttention", `embedDim ${embedDim} does not divide into ${numHeads} heads`);
    }
    this.kdim = kdim;
    this.vdim = vdim;
    this.dropout = dropout;
    this.addZeroAttn = addZeroAttn;
    this.batchFirst = batchFirst;
    if (kdim === embedDim && vdim === embedDim) this.inProjWeight = xavier(3 * embedDim, embedDim);
    else {
      this.qProjWeight = xavier(embedDim, embedDim);
      this.kProjWeight = xavier(embedDim, kdim);
      this.vProjWeight = xavier(embedDim, vdim);
    }
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim])) : null;
    const further = (): Parameter => new Parameter(randn([1, 1, embedDim]).mul(Math.sqrt(1 / embedDim))); // Xavier's normal
    this.biasK = addBiasKv ? further() : null;
    this.biasV = addBiasKv ? further() : null;
    this.outProj = new Linear(embedDim, embedDim, { bias });
    if (bias) this.outProj.bias = new Parameter(zeros([embedDim]));
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  forward(query: Tensor, key: Tensor, value: Tensor, given?: AttendOptions): [output: Tensor, weights: Tensor | null] {
    const options = checkOptions("MultiheadAttention", given, ATTEND_OPTIONS);
    const { keyPaddingMask, attnMask, needWeights = true, averageAttnWeights = true, isCausal = false } = options;
    this.#check(query, key, value);
    const weights = this.inProjWeight ?? ([this.qProjWeight!, this.kProjWeight!, this.vProjWeight!] as const);
    const isBatched = query.ndim === 3;
    const batchDim = this.batchFirst ? 0 : 1;
    const [q, k, v] = inProjection([query, key, value], weights, this.inProjBias).map((x) =>
      isBatched ? x : x.unsqueeze(batchDim),
    ) as Three;
    const [keys, values] = [this.#withFurther(k, this.biasK), this.#withFurther(v, this.biasV)];
    const [heads, allKeys, allValues] = [q, keys, values].map((x) => this.#heads(x)) as Three; // [B, h, L, E / h]
    const sizes = { heads: this.numHeads, L: heads.shape[2]!, S: key.shape[isBatched ? 1 - batchDim : 0]! };
    const masks = { attnMask: attnMask ?? undefined, keyPaddingMask: keyPaddingMask ?? undefined };
    const further = allKeys.shape[2]! - sizes.S;
    const [B] = heads.shape as [number];
    const masking = mergedMask(masks, { ...sizes, B, further, dtype: q.dtype, isCausal });
    const dropoutP = this.training ? this.dropout : 0;
    const attended = attend(heads, allKeys, allValues, { ...masking, dropoutP, needAttnWeights: false });
    const joined = attended[0].permute(this.batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]).reshape(q.shape);
    const y = this.outProj.forward(isBatched ? joined : joined.squeeze(batchDim));
    if (!needWeights) return [y, null];
    return withLate(y, () => {
      const shared = averageAttnWeights ? attended[1].mean(1) : attended[1];
      return isBatched ? shared : shared.squeeze(0);
    });
  }

  /** The projections, then each query's products with keys and with values; outProj counts its own. */
  override macs([query, key, value]: readonly [query: Tensor, key: Tensor, value: Tensor]): number {
    const elements = query.numel() + key.numel() + value.numel();
    const further = (this.biasK === null ? 0 : 1) + (this.addZeroAttn ? 1 : 0);
    const keys = key.shape[key.ndim === 3 && this.batchFirst ? 1 : 0]! + further;
    return elements * this.embedDim + 2 * query.numel() * keys;
  }

  /** Keys or values with the learned one and that of zeros. */
  #withFurther(x: Tensor, learned: Parameter | null): Tensor {
    const timeDim = this.batchFirst ? 1 : 0;
    const shape = x.shape.with(timeDim, 1);
    const further = [
      ...(learned === null ? [] : [learned.expand(shape)]),
      ...(this.addZeroAttn ? [zeros(shape, { dtype: x.dtype })] : []),
    ];
    return further.length === 0 ? x : cat([x, ...further], timeDim);
  }

  /** [L, B, E] or [B, L, E] -> [B, heads, L, E / heads], in the same memory. */
  #heads(x: Tensor): Tensor {
    const [first, second, E] = x.shape as [number, number, number];
    const split = x.reshape([first, second, this.numHeads, E / this.numHeads]);
    return split.permute(this.batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]);
  }

  #check(query: Tensor, key: Tensor, value: Tensor): void {
    for (const x of [query, key, value]) checkTensor("MultiheadAttention", x);
    const { embedDim, kdim, vdim, batchFirst } = this;
    const rank = query.ndim;
    const shapes = [query.shape, key.shape, value.shape];
    const batchDim = batchFirst ? 0 : 1;
    const fits =
      (rank === 2 || rank === 3) &&
      shapes.every((shape, i) => shape.length === rank && shape.at(-1) === [embedDim, kdim, vdim][i]) &&
      key.shape.slice(0, -1).every((size, d) => size === value.shape[d]) &&
      (rank === 2 || key.shape[batchDim] === query.shape[batchDim]);
    if (fits) return;
    const form = batchFirst ? ["[B, L, ", "[B, S, "] : ["[L, B, ", "[S, B, "];
    const wanted = `${form[0]}${embedDim}], ${form[1]}${kdim}] and ${form[1]}${vdim}], or all without B`;
    throw new ShapeError("MultiheadAttention", shapes, `must be ${wanted}`);
  }

  protected override extraRepr(): string {
    return `${this.embedDim}, ${this.numHeads}${this.batchFirst ? ", batchFirst=true" : ""}`;
  }
}

/** Xavier's uniform initialisation. */
function xavier(rows: number, columns: number): Parameter {
  return new Parameter(uniform([rows, columns], Math.sqrt(6 / (rows + columns))));
}
