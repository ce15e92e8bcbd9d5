// The encoder of the transformer.

import { checkWhole } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Layer } from "./container.js";
import { Dropout } from "./dropout.js";
import * as F from "./functional.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { MultiheadAttention } from "./multihead-attention.js";
import { snakeCase } from "./state.js";

export interface TransformerEncoderLayerOptions {
  /** Features between the two linear maps. Default 2048. */
  readonly dimFeedforward?: number;
  /** Probability of each dropout, in training. Default 0.1. */
  readonly dropout?: number;
  /** What stands between the two linear maps: "relu" (the default), "gelu", a function or a layer. */
  readonly activation?: "relu" | "gelu" | ((x: Tensor) => Tensor) | Layer;
  /** Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether sequences are [B, L, E] rather than [L, B, E]. Default false. */
  readonly batchFirst?: boolean;
  /** Whether attention and linear maps get normalized input, rather than their result being normalized. Default false. */
  readonly normFirst?: boolean;
}

export interface EncodeLayerOptions {
  /** [L, L] or [B nhead, L, L]: true where there is no attention; or numbers that are added to the scores. */
  readonly srcMask?: Tensor | null;
  /** [B, L] (or [L] without a batch): true for positions that nobody attends to; or numbers that are added. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Position l attends to positions 0 to l alone, without a mask in memory. Default false. */
  readonly isCausal?: boolean;
}

const OPTIONS = ["dimFeedforward", "dropout", "activation", "layerNormEps", "batchFirst", "normFirst"] as const;
const ENCODE_OPTIONS = ["srcMask", "srcKeyPaddingMask", "isCausal"] as const;

/**
 * A layer of the transformer's encoder: self-attention and two linear maps, each beside a way past it. With
 * f(x) = linear2(activation(linear1(x))) and dropout after attention, activation and f,
 *   y = norm1(x + selfAttn(x)), then norm2(y + f(y)); or, normFirst, y = x + selfAttn(norm1(x)), then y + f(norm2(y))
 *
 * src [L, B, E], [B, L, E] with batchFirst, or [L, E] -> the same shape. Masks are true where attention is ruled out.
 * (Vaswani et al., "Attention is all you need", 2017, section 3; normFirst: Xiong et al., "On layer normalization in the
 * transformer architecture", 2020.)
 *
 *     const layer = new nn.TransformerEncoderLayer(64, 4, { dimFeedforward: 256, batchFirst: true });
 *     const y = layer.forward(x, { isCausal: true });
 */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: Layer | ((x: Tensor) => Tensor);
  readonly normFirst: boolean;
  readonly #copy: () => TransformerEncoderLayer;

  constructor(dModel: number, nhead: number, given?: TransformerEncoderLayerOptions) {
    super();
    const options = checkOptions("TransformerEncoderLayer", given, OPTIONS);
    const { dimFeedforward = 2048, dropout = 0.1, activation = "relu" } = options;
    const { layerNormEps = 1e-5, batchFirst = false, normFirst = false } = options;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel);
    this.norm1 = new LayerNorm(dModel, { eps: layerNormEps });
    this.norm2 = new LayerNorm(dModel, { eps: layerNormEps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(activation);
    this.normFirst = normFirst;
    this.#copy = () => new TransformerEncoderLayer(dModel, nhead, options);
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  forward(src: Tensor, given?: EncodeLayerOptions): Tensor {
    const options = checkOptions("TransformerEncoderLayer", given, ENCODE_OPTIONS);
    if (this.normFirst) {
      const x = src.add(this.#attend(this.norm1.forward(src), options));
      return x.add(this.#feed(this.norm2.forward(x)));
    }
    const x = this.norm1.forward(src.add(this.#attend(src, options)));
    return this.norm2.forward(x.add(this.#feed(x)));
  }

  /** Another layer with the same options and values. A layer given as its activation is shared. */
  copy(): TransformerEncoderLayer {
    const copy = this.#copy();
    copy.loadStateDict(this.stateDict());
    const own = this.parameters();
    copy.parameters().forEach((parameter, i) => parameter.requiresGrad_(own[i]!.requiresGrad));
    return copy.train(this.training);
  }

  #attend(x: Tensor, { srcMask, srcKeyPaddingMask, isCausal }: EncodeLayerOptions): Tensor {
    const [y] = this.selfAttn.forward(x, x, x, {
      attnMask: srcMask ?? null,
      keyPaddingMask: srcKeyPaddingMask ?? null,
      isCausal: isCausal ?? false,
      needWeights: false,
    });
    return this.dropout1.forward(y);
  }

  #feed(x: Tensor): Tensor {
    const { activation } = this;
    const wide = this.linear1.forward(x);
    const bent = activation instanceof Module ? activation.forward(wide) : activation(wide);
    return this.dropout2.forward(this.linear2.forward(this.dropout.forward(bent)));
  }
}

function activationOf(
  activation: NonNullable<TransformerEncoderLayerOptions["activation"]>,
): TransformerEncoderLayer["activation"] {
  if (activation === "relu") return F.relu;
  if (activation === "gelu") return F.gelu;
  if (typeof activation !== "string") return activation;
  const given = `got ${JSON.stringify(activation)}`;
  throw new TapegradError("TransformerEncoderLayer", `activation is "relu", "gelu", a function or a layer, ${given}`);
}

export interface TransformerEncoderOptions {
  /** What the result passes at last, such as a LayerNorm. */
  readonly norm?: Layer | null;
}

export interface EncodeOptions extends Pick<EncodeLayerOptions, "srcKeyPaddingMask" | "isCausal"> {
  /** As a layer's srcMask. */
  readonly mask?: Tensor | null;
}

/**
 * Layers one after another, and a normalization where one is given: src as in TransformerEncoderLayer -> the same shape.
 * The layers are copies of the one given and start with its values, as in PyTorch. Unlike there, positions that are padding
 * are computed like others also in eval mode.
 */
export class TransformerEncoder extends Module {
  readonly layers: readonly TransformerEncoderLayer[];
  readonly norm: Layer | null;

  constructor(
    encoderLayer: TransformerEncoderLayer,
    readonly numLayers: number,
    options?: TransformerEncoderOptions,
  ) {
    super();
    const { norm = null } = checkOptions("TransformerEncoder", options, ["norm"]);
    checkWhole("TransformerEncoder", { numLayers });
    this.layers = Array.from({ length: numLayers }, () => encoderLayer.copy());
    this.norm = norm;
  }

  forward(src: Tensor, given?: EncodeOptions): Tensor {
    const names = ["mask", "srcKeyPaddingMask", "isCausal"] as const;
    const { mask, srcKeyPaddingMask, isCausal } = checkOptions("TransformerEncoder", given, names);
    const options = {
      srcMask: mask ?? null,
      srcKeyPaddingMask: srcKeyPaddingMask ?? null,
      isCausal: isCausal ?? false,
    };
    const y = this.layers.reduce((x, layer) => layer.forward(x, options), src);
    return this.norm === null ? y : this.norm.forward(y);
  }
}
