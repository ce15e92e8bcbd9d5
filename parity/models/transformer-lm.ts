// A language model: token and position vectors, a Transformer that looks at what came before, and a linear layer.

import { F, nn, ones, type Tensor, zeros } from "tapegrad";
import { type Family, linearOf, name, numbered, numberIn, type Shapes, shapeOf } from "./family.js";

class LayerNorm extends nn.Module {
  readonly weight: nn.Parameter;
  readonly bias: nn.Parameter;

  constructor(readonly size: number) {
    super();
    this.weight = new nn.Parameter(ones([size]));
    this.bias = new nn.Parameter(zeros([size]));
  }

  forward(x: Tensor): Tensor {
    return F.layerNorm(x, [this.size], this.weight, this.bias);
  }
}

class SelfAttention extends nn.Module {
  readonly out_proj: nn.Linear;

  constructor(
    shapes: Shapes,
    path: string,
    readonly heads: number,
  ) {
    super();
    const [rows, columns] = shapeOf(shapes, `${path}.in_proj_weight`) as [number, number];
    this.#inWeight = new nn.Parameter(zeros([rows, columns]));
    this.#inBias = new nn.Parameter(zeros([rows]));
    name(this, { in_proj_weight: this.#inWeight, in_proj_bias: this.#inBias });
    this.out_proj = linearOf(shapes, `${path}.out_proj`);
  }

  readonly #inWeight: nn.Parameter;
  readonly #inBias: nn.Parameter;

  /** x [B, T, C] -> [B, T, C] */
  forward(x: Tensor): Tensor {
    const [batch, time, size] = x.shape as [number, number, number];
    const projected = F.linear(x, this.#inWeight, this.#inBias).chunk(3, 2);
    const [q, k, v] = projected.map((part) =>
      part.reshape([batch, time, this.heads, size / this.heads]).transpose(1, 2),
    );
    const [y] = F.scaledDotProductAttention(q!, k!, v!, { isCausal: true });
    return this.out_proj.forward(y.transpose(1, 2).reshape([batch, time, size]));
  }
}

/** Norms come first. */
class Layer extends nn.Module {
  readonly self_attn: SelfAttention;
  readonly linear1: nn.Linear;
  readonly linear2: nn.Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;

  constructor(shapes: Shapes, path: string, heads: number) {
    super();
    this.self_attn = new SelfAttention(shapes, `${path}.self_attn`, heads);
    this.linear1 = linearOf(shapes, `${path}.linear1`);
    this.linear2 = linearOf(shapes, `${path}.linear2`);
    const [size] = shapeOf(shapes, `${path}.norm1.weight`) as [number];
    this.norm1 = new LayerNorm(size);
    this.norm2 = new LayerNorm(size);
  }

  forward(x: Tensor): Tensor {
    const seen = x.add(this.self_attn.forward(this.norm1.forward(x)));
    return seen.add(this.linear2.forward(F.gelu(this.linear1.forward(this.norm2.forward(seen)))));
  }
}

class Encoder extends nn.Module {
  readonly layers: Layer[];
  readonly norm: LayerNorm;

  constructor(shapes: Shapes, heads: number) {
    super();
    const numbers = numbered(shapes, (i) => `encoder.layers.${i}.linear1.weight`);
    this.layers = numbers.map((i) => new Layer(shapes, `encoder.layers.${i}`, heads));
    this.norm = new LayerNorm(shapeOf(shapes, "encoder.norm.weight")[0]!);
  }

  forward(x: Tensor): Tensor {
    return this.norm.forward(this.layers.reduce((input, layer) => layer.forward(input), x));
  }
}

class TransformerLM extends nn.Module {
  readonly tok: nn.Embedding;
  readonly pos: nn.Parameter;
  readonly encoder: Encoder;
  readonly head: nn.Linear;

  constructor(shapes: Shapes, heads: number) {
    super();
    const [vocabulary, size] = shapeOf(shapes, "tok.weight") as [number, number];
    this.tok = new nn.Embedding(vocabulary, size);
    this.pos = new nn.Parameter(zeros(shapeOf(shapes, "pos")));
    this.encoder = new Encoder(shapes, heads);
    this.head = linearOf(shapes, "head");
  }

  /** ids [B, T] -> [B, T, vocabulary] */
  forward(ids: Tensor): Tensor {
    const x = this.tok.forward(ids).add(this.pos.narrow(0, 0, ids.shape[1]!));
    return this.head.forward(this.encoder.forward(x));
  }
}

export const transformerLm: Family<TransformerLM> = {
  make: (shapes, source) => new TransformerLM(shapes, numberIn(source, /TransformerEncoderLayer\(\w+, (\d+)/)),
  loss(model, { rows }) {
    const tokens = rows["tokens"]!;
    const time = tokens.shape[1]! - 1;
    const logits = model.forward(tokens.narrow(1, 0, time));
    return F.crossEntropy(logits.reshape([-1, logits.shape[2]!]), tokens.narrow(1, 1, time).reshape([-1]));
  },
};
