// A language model: token and position vectors, a Transformer that looks at what came before, and a linear layer.

import { F, nn, type Tensor, zeros } from "tapegrad";
import { type Family, linearOf, numbered, numberIn, type Shapes, shapeOf } from "./family.js";

class TransformerLM extends nn.Module {
  readonly tok: nn.Embedding;
  readonly pos: nn.Parameter;
  readonly encoder: nn.TransformerEncoder;
  readonly head: nn.Linear;

  constructor(shapes: Shapes, source: string) {
    super();
    const [vocabulary, size] = shapeOf(shapes, "tok.weight") as [number, number];
    this.tok = new nn.Embedding(vocabulary, size);
    this.pos = new nn.Parameter(zeros(shapeOf(shapes, "pos")));
    const layer = new nn.TransformerEncoderLayer(size, numberIn(source, /TransformerEncoderLayer\(\w+, (\d+)/), {
      dimFeedforward: shapeOf(shapes, "encoder.layers.0.linear1.weight")[0]!,
      dropout: 0,
      activation: source.includes('activation="gelu"') ? "gelu" : "relu",
      normFirst: source.includes("norm_first=True"),
      batchFirst: true,
    });
    const layers = numbered(shapes, (i) => `encoder.layers.${i}.linear1.weight`).length;
    const norm = "encoder.norm.weight" in shapes ? new nn.LayerNorm(size) : null;
    this.encoder = new nn.TransformerEncoder(layer, layers, { norm });
    this.head = linearOf(shapes, "head");
  }

  /** ids [B, T] -> [B, T, vocabulary] */
  forward(ids: Tensor): Tensor {
    const x = this.tok.forward(ids).add(this.pos.narrow(0, 0, ids.shape[1]!));
    return this.head.forward(this.encoder.forward(x, { isCausal: true }));
  }
}

export const transformerLm: Family<TransformerLM> = {
  make: (shapes, source) => new TransformerLM(shapes, source),
  loss(model, { rows }) {
    const tokens = rows["tokens"]!;
    const time = tokens.shape[1]! - 1;
    const logits = model.forward(tokens.narrow(1, 0, time));
    return F.crossEntropy(logits.reshape([-1, logits.shape[2]!]), tokens.narrow(1, 1, time).reshape([-1]));
  },
};
