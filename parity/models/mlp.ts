// Linear layers with ReLU between them, for classification.

import { F, nn, type Tensor } from "tapegrad";
import { type Family, linearOf, numbered, type Shapes } from "./family.js";

class MLP extends nn.Module {
  readonly net: nn.Sequential;

  constructor(shapes: Shapes) {
    super();
    const places = numbered(shapes, (i) => `net.${i}.weight`);
    const layers = Array.from({ length: places.at(-1)! + 1 }, (_, i) =>
      places.includes(i) ? linearOf(shapes, `net.${i}`) : new nn.ReLU(),
    );
    this.net = new nn.Sequential(...layers);
  }

  forward(x: Tensor): Tensor {
    return this.net.forward(x);
  }
}

export const mlp: Family<MLP> = {
  make: (shapes) => new MLP(shapes),
  loss: (model, { rows: { x, y } }) => F.crossEntropy(model.forward(x!), y!),
};
