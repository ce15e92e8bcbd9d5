// An LSTM whose last output is classified.

import { cat, F, nn, stack, type Tensor, zeros } from "tapegrad";
import { type Family, linearOf, name, numbered, type Shapes, shapeOf } from "./family.js";

/** One layer, one direction. */
class LSTMLayer {
  constructor(
    readonly weights: nn.Parameter[],
    readonly isReverse: boolean,
  ) {}

  /** x [B, T, C] -> [B, T, H] */
  run(x: Tensor): Tensor {
    const [wIh, wHh, bIh, bHh] = this.weights as [Tensor, Tensor, Tensor, Tensor];
    const size = wHh.shape[1]!;
    let h: Tensor = zeros([x.shape[0]!, size]);
    let c: Tensor = h;
    const times = Array.from({ length: x.shape[1]! }, (_, t) => t);
    if (this.isReverse) times.reverse();
    const outputs: Tensor[] = [];
    for (const t of times) {
      const gates = F.linear(x.select(1, t), wIh, bIh).add(F.linear(h, wHh, bHh));
      const [i, f, g, o] = gates.chunk(4, 1) as [Tensor, Tensor, Tensor, Tensor];
      c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
      h = o.sigmoid().mul(c.tanh());
      outputs[t] = h;
    }
    return stack(outputs, 1);
  }
}

/** All layers: each with a direction or two. */
class LSTM extends nn.Module {
  readonly #layers: LSTMLayer[][];

  constructor(shapes: Shapes) {
    super();
    this.#layers = numbered(shapes, (i) => `lstm.weight_ih_l${i}`).map((i) => {
      const ends = ["", "_reverse"].filter((end) => `lstm.weight_ih_l${i}${end}` in shapes);
      return ends.map((end) => {
        const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((kind) => `${kind}_l${i}${end}`);
        const weights = names.map((own) => new nn.Parameter(zeros(shapeOf(shapes, `lstm.${own}`))));
        name(this, Object.fromEntries(names.map((own, j) => [own, weights[j]!])));
        return new LSTMLayer(weights, end !== "");
      });
    });
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce(
      (input, directions) =>
        cat(
          directions.map((layer) => layer.run(input)),
          2,
        ),
      x,
    );
  }
}

class LSTMClassifier extends nn.Module {
  readonly lstm: LSTM;
  readonly fc: nn.Linear;

  constructor(shapes: Shapes) {
    super();
    this.lstm = new LSTM(shapes);
    this.fc = linearOf(shapes, "fc");
  }

  forward(x: Tensor): Tensor {
    return this.fc.forward(this.lstm.forward(x).select(1, -1));
  }
}

export const lstm: Family<LSTMClassifier> = {
  make: (shapes) => new LSTMClassifier(shapes),
  loss: (model, { rows: { x, y } }) => F.crossEntropy(model.forward(x!), y!),
};
