// A convolutional autoencoder: each layer of the encoder halves the size, each of the decoder doubles it.

import { F, nn, type Tensor } from "tapegrad";
import { type Family, name, numbered, type Shapes, shapeOf } from "./family.js";

/** e1, e2, ... and d1, d2, ... */
class ConvAE extends nn.Module {
  readonly #e: nn.Conv2d[] = [];
  readonly #d: nn.ConvTranspose2d[] = [];

  constructor(shapes: Shapes) {
    super();
    for (const i of numbered(shapes, (n) => `e${n}.weight`)) {
      const [outChannels, inChannels, size] = shapeOf(shapes, `e${i}.weight`) as [number, number, number];
      this.#e.push(new nn.Conv2d(inChannels, outChannels, size, { stride: 2, padding: 1 }));
      name(this, { [`e${i}`]: this.#e.at(-1)! });
    }
    for (const i of numbered(shapes, (n) => `d${n}.weight`)) {
      const [inChannels, outChannels, size] = shapeOf(shapes, `d${i}.weight`) as [number, number, number];
      const outputPadding = 4 - size; // so that the result is twice as large
      this.#d.push(new nn.ConvTranspose2d(inChannels, outChannels, size, { stride: 2, padding: 1, outputPadding }));
      name(this, { [`d${i}`]: this.#d.at(-1)! });
    }
  }

  forward(x: Tensor): Tensor {
    const h = this.#e.reduce((input, layer) => F.relu(layer.forward(input)), x);
    return this.#d.reduce((input, layer, i) => layer.forward(i === 0 ? input : F.relu(input)), h).sigmoid();
  }
}

export const convAe: Family<ConvAE> = {
  make: (shapes) => new ConvAE(shapes),
  loss: (model, { rows: { x } }) => F.mseLoss(model.forward(x!), x!),
};
