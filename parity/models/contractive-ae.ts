// A contractive autoencoder: the loss has the squared Frobenius norm of the encoder's Jacobian, by double backward.

import { autograd, F, nn, type Tensor, zeros } from "tapegrad";
import { type Family, linearOf, name, numbered, numberIn, type Shapes } from "./family.js";

/** e1, e2, ... with tanh after each, and d. */
class ContractiveAE extends nn.Module {
  readonly #e: nn.Linear[] = [];
  readonly d: nn.Linear;

  constructor(
    shapes: Shapes,
    readonly weight: number,
  ) {
    super();
    for (const i of numbered(shapes, (n) => `e${n}.weight`)) {
      this.#e.push(linearOf(shapes, `e${i}`));
      name(this, { [`e${i}`]: this.#e.at(-1)! });
    }
    this.d = linearOf(shapes, "d");
  }

  forward(x: Tensor): [hidden: Tensor, reconstruction: Tensor] {
    const h = this.#e.reduce((input, layer) => layer.forward(input).tanh(), x);
    return [h, this.d.forward(h)];
  }
}

export const contractiveAe: Family<ContractiveAE> = {
  make: (shapes, source) => new ContractiveAE(shapes, numberIn(source, /\+ ([\d.]+) \* frob2/)),
  loss(model, { rows }) {
    const x = rows["x"]!.detach().requiresGrad_();
    const [h, reconstruction] = model.forward(x);
    let frobenius: Tensor = zeros([]); // mean over the batch
    for (let j = 0; j < h.shape[1]!; j++) {
      const [dx] = autograd.grad(h.select(1, j).sum(), [x], { createGraph: true });
      frobenius = frobenius.add(dx!.square().sum());
    }
    return F.mseLoss(reconstruction, x).add(frobenius.div(x.shape[0]!).mul(model.weight));
  },
};
