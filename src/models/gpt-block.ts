// What a GPT is made of: causal attention and a small network, each after a normalization and added to what it was given.

import { arange, F, nn, type Tensor } from "../index.js";

/** Options of GPT. */
export interface GPTOptions {
  /** Number of blocks. Default 4. */
  readonly nLayer?: number;
  /** Heads of attention in each. Default 4. */
  readonly nHead?: number;
  /** Channels; a multiple of nHead. Default 128. */
  readonly nEmbd?: number;
  /** Probability of an element to be dropped: of embeddings, attention's weights and what blocks add. Default 0. */
  readonly dropout?: number;
  /** Whether linear layers and normalizations have biases. Default true. */
  readonly bias?: boolean;
}

/** @internal All that the parts have to know. */
export type Sizes = Required<GPTOptions> & { readonly vocabSize: number; readonly blockSize: number };

/** State dicts have the names that GPT-2 has had since OpenAI's release; fields those of this project. */
const STATE_NAMES: Readonly<Record<string, string>> = {
  ln1: "ln_1",
  ln2: "ln_2",
  lnF: "ln_f",
  cAttn: "c_attn",
  cProj: "c_proj",
  cFc: "c_fc",
  lmHead: "lm_head",
};

/** @internal A module with those names. */
export abstract class Part extends nn.Module {
  protected override stateName(field: string): string {
    return STATE_NAMES[field] ?? field;
  }
}

class CausalSelfAttention extends Part {
  cAttn: nn.Linear;
  cProj: nn.Linear;
  readonly #sizes: Sizes;

  constructor(sizes: Sizes) {
    super();
    const { nEmbd, bias } = sizes;
    this.cAttn = new nn.Linear(nEmbd, 3 * nEmbd, { bias });
    this.cProj = new nn.Linear(nEmbd, nEmbd, { bias });
    this.#sizes = sizes;
  }

  forward(x: Tensor): Tensor {
    const { nHead, dropout } = this.#sizes;
    const dropoutP = this.training ? dropout : 0;
    const heads = (part: Tensor): Tensor => part.reshape([...part.shape.slice(0, 2), nHead, -1]).transpose(1, 2); // [B, T, C] -> [B, H, T, C / H]
    const [q, k, v] = this.cAttn.forward(x).chunk(3, 2) as [Tensor, Tensor, Tensor];
    const [y] = F.scaledDotProductAttention(heads(q), heads(k), heads(v), { isCausal: true, dropoutP });
    return F.dropout(this.cProj.forward(y.transpose(1, 2).flatten(2)), { p: dropout, training: this.training });
  }

  /** Each query's products with keys and with values: as many as without a mask. */
  override macs([x]: readonly [Tensor]): number {
    return 2 * x.numel() * x.shape[1]!;
  }
}

class MLP extends Part {
  cFc: nn.Linear;
  cProj: nn.Linear;

  readonly #dropout: number;

  constructor({ nEmbd, bias, dropout }: Sizes) {
    super();
    this.#dropout = dropout;
    this.cFc = new nn.Linear(nEmbd, 4 * nEmbd, { bias });
    this.cProj = new nn.Linear(4 * nEmbd, nEmbd, { bias });
  }

  forward(x: Tensor): Tensor {
    const y = this.cProj.forward(F.gelu(this.cFc.forward(x)));
    return F.dropout(y, { p: this.#dropout, training: this.training });
  }
}

class Block extends Part {
  ln1: nn.LayerNorm;
  attn: CausalSelfAttention;
  ln2: nn.LayerNorm;
  mlp: MLP;

  constructor(sizes: Sizes) {
    super();
    const { nEmbd, bias } = sizes;
    this.ln1 = new nn.LayerNorm(nEmbd, { bias });
    this.attn = new CausalSelfAttention(sizes);
    this.ln2 = new nn.LayerNorm(nEmbd, { bias });
    this.mlp = new MLP(sizes);
  }

  forward(x: Tensor): Tensor {
    x = x.add(this.attn.forward(this.ln1.forward(x)));
    return x.add(this.mlp.forward(this.ln2.forward(x)));
  }
}

/** @internal Embeddings, blocks and a last normalization: tokens [B, T] -> [B, T, C]. */
export class Transformer extends Part {
  wte: nn.Embedding;
  wpe: nn.Embedding;
  h: Block[];
  lnF: nn.LayerNorm;
  readonly #dropout: number;

  constructor(sizes: Sizes) {
    super();
    const { vocabSize, blockSize, nEmbd, nLayer, bias, dropout } = sizes;
    this.wte = new nn.Embedding(vocabSize, nEmbd);
    this.wpe = new nn.Embedding(blockSize, nEmbd);
    this.h = Array.from({ length: nLayer }, () => new Block(sizes));
    this.lnF = new nn.LayerNorm(nEmbd, { bias });
    this.#dropout = dropout;
  }

  forward(tokens: Tensor): Tensor {
    const places = arange(tokens.shape[1]!, { dtype: "int32" });
    const embedded = this.wte.forward(tokens).add(this.wpe.forward(places));
    let x = F.dropout(embedded, { p: this.#dropout, training: this.training });
    for (const block of this.h) x = block.forward(x);
    return this.lnF.forward(x);
  }
}
