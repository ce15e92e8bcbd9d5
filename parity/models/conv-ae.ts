// A convolutional autoencoder: each layer of the encoder halves the size, each of the decoder doubles it.

import { F, nn, type Tensor, zeros } from "tapegrad";
import { type Family, name, numbered, type Shapes, shapeOf } from "./family.js";

/** e1, e2, ... and d1, d2, ... */
class ConvAE extends nn.Module {
  readonly #e: nn.Conv2d[] = [];
  readonly #d: Doubling[] = [];

  constructor(shapes: Shapes) {
    super();
    for (const i of numbered(shapes, (n) => `e${n}.weight`)) {
      const [outChannels, inChannels, size] = shapeOf(shapes, `e${i}.weight`) as [number, number, number];
      this.#e.push(new nn.Conv2d(inChannels, outChannels, size, { stride: 2, padding: 1 }));
      name(this, { [`e${i}`]: this.#e.at(-1)! });
    }
    for (const i of numbered(shapes, (n) => `d${n}.weight`)) {
      this.#d.push(new Doubling(shapeOf(shapes, `d${i}.weight`)));
      name(this, { [`d${i}`]: this.#d.at(-1)! });
    }
  }

  forward(x: Tensor): Tensor {
    const h = this.#e.reduce((input, layer) => F.relu(layer.forward(input)), x);
    return this.#d.reduce((input, layer, i) => layer.forward(i === 0 ? input : F.relu(input)), h).sigmoid();
  }
}

/** A transposed convolution of stride 2 and padding 1 whose result is twice as large. */
class Doubling extends nn.Module {
  readonly weight: nn.Parameter;
  readonly bias: nn.Parameter;

  constructor(shape: readonly number[]) {
    super();
    this.weight = new nn.Parameter(zeros(shape));
    this.bias = new nn.Parameter(zeros([shape[1]!]));
  }

  forward(x: Tensor): Tensor {
    const outputPadding = 4 - this.weight.shape[2]!;
    return F.convTranspose2d(x, this.weight, this.bias, { stride: 2, padding: 1, outputPadding });
  }
}

export const convAe: Family<ConvAE> = {
  make: (shapes) => new ConvAE(shapes),
  loss: (model, { rows: { x } }) => F.mseLoss(model.forward(x!), x!),
};
