// A small GPT, for characters or other tokens.

import { cat, currentDevice, multinomial, nn, noGrad, type Tensor, tidy } from "../index.js";
import { type GPTOptions, Part, Transformer } from "./gpt-block.js";

/** Options of GPT.generate. */
export interface GenerateOptions {
  /** Divides the logits: below 1 likely tokens become likelier. Default 1. */
  readonly temperature?: number;
  /** Chooses among so many of the likeliest. Default: among all. */
  readonly topK?: number;
}

/**
 * A decoder-only transformer: tokens [B, T], int32, to logits of the token after each, [B, T, vocabSize]; T up to
 * blockSize. Normalization comes before each part, and the last layer shares its weight with the embedding.
 *
 *     const model = new models.GPT(65, 64);
 *     const loss = F.crossEntropy(model.forward(x).flatten(0, 1), y.flatten()); // y: x, one token on
 *
 * State dict: transformer.wte.weight [vocabSize, C], transformer.wpe.weight [blockSize, C]; for each block i
 * transformer.h.{i}.ln_1, attn.c_attn (weight [3 C, C]: queries, keys, values), attn.c_proj, ln_2, mlp.c_fc, mlp.c_proj,
 * each with weight and bias; transformer.ln_f; lm_head.weight, which is wte's.
 * (Radford et al., "Language models are unsupervised multitask learners", 2019.)
 */
export class GPT extends Part {
  transformer: Transformer;
  lmHead: nn.Linear;
  readonly blockSize: number;

  /**
   * @param vocabSize - how many tokens there are
   * @param blockSize - how many the model sees at once
   */
  constructor(vocabSize: number, blockSize: number, options: GPTOptions = {}) {
    super();
    const sizes = { nLayer: 4, nHead: 4, nEmbd: 128, dropout: 0, bias: true, ...options, vocabSize, blockSize };
    const { nEmbd, nHead, nLayer } = sizes;
    if (nEmbd % nHead !== 0) throw new RangeError(`GPT: nEmbd (${nEmbd}) must be a multiple of nHead (${nHead})`);
    this.blockSize = blockSize;
    this.transformer = new Transformer(sizes);
    this.lmHead = new nn.Linear(nEmbd, vocabSize, { bias: false });
    for (const [name, layer] of this.namedModules()) {
      if (!(layer instanceof nn.Linear || layer instanceof nn.Embedding)) continue;
      // Each block adds twice: less of it, so that the sum's variance does not grow with the number of blocks.
      nn.init.normal_(layer.weight, 0, name.endsWith("c_proj") ? 0.02 / Math.sqrt(2 * nLayer) : 0.02);
      if (layer instanceof nn.Linear && layer.bias !== null) nn.init.zeros_(layer.bias);
    }
    this.lmHead.weight = this.transformer.wte.weight;
  }

  forward(tokens: Tensor): Tensor {
    const length = tokens.shape[1];
    if (tokens.ndim !== 2 || length! > this.blockSize)
      throw new RangeError(`GPT: takes tokens [B, T], T up to ${this.blockSize}, got [${tokens.shape.join(", ")}]`);
    return this.lmHead.forward(this.transformer.forward(tokens)); // [B, T, C] @ [C, V] -> [B, T, V]
  }

  /** Continues tokens [B, T] by `count` drawn from the model, each given those before: [B, T + count]. */
  async generate(tokens: Tensor, count: number, { temperature = 1, topK }: GenerateOptions = {}): Promise<Tensor> {
    let all = tokens;
    for (let i = 0; i < count; i++) {
      all = tidy(() => noGrad(() => cat([all, this.#draw(all, temperature, topK)], 1)));
      await currentDevice().breathe();
    }
    return all;
  }

  #draw(tokens: Tensor, temperature: number, topK: number | undefined): Tensor {
    const start = Math.max(0, tokens.shape[1]! - this.blockSize);
    let logits = this.forward(tokens.narrow(1, start, tokens.shape[1]! - start))
      .select(1, -1)
      .div(temperature); // [B, V]
    if (topK !== undefined) {
      const { values } = logits.topk(topK);
      logits = logits.maskedFill(logits.lt(values.narrow(1, topK - 1, 1)), Number.NEGATIVE_INFINITY);
    }
    return multinomial(logits.softmax(1), 1);
  }
}

/** A small GPT; see GPT. */
export function gpt(vocabSize: number, blockSize: number, options?: GPTOptions): GPT {
  return new GPT(vocabSize, blockSize, options);
}
