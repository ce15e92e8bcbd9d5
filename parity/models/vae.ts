// A variational autoencoder with one hidden layer on each side.

import { F, nn, type Tensor } from "tapegrad";
import { type Family, linearOf, type Shapes } from "./family.js";

class VAE extends nn.Module {
  readonly enc: nn.Linear;
  readonly mu: nn.Linear;
  readonly logvar: nn.Linear;
  readonly dec1: nn.Linear;
  readonly dec2: nn.Linear;

  constructor(shapes: Shapes) {
    super();
    this.enc = linearOf(shapes, "enc");
    this.mu = linearOf(shapes, "mu");
    this.logvar = linearOf(shapes, "logvar");
    this.dec1 = linearOf(shapes, "dec1");
    this.dec2 = linearOf(shapes, "dec2");
  }

  forward(x: Tensor, eps: Tensor): [reconstruction: Tensor, mu: Tensor, logvar: Tensor] {
    const h = F.relu(this.enc.forward(x));
    const [mu, logvar] = [this.mu.forward(h), this.logvar.forward(h)];
    const z = mu.add(eps.mul(logvar.mul(0.5).exp()));
    return [this.dec2.forward(F.relu(this.dec1.forward(z))).sigmoid(), mu, logvar];
  }
}

export const vae: Family<VAE> = {
  make: (shapes) => new VAE(shapes),
  loss(model, { rows: { x }, noise: { eps } }) {
    const [reconstruction, mu, logvar] = model.forward(x!, eps!);
    const bce = F.binaryCrossEntropy(reconstruction, x!, { reduction: "sum" });
    const kl = logvar.add(1).sub(mu.square()).sub(logvar.exp()).sum().mul(-0.5);
    return bce.add(kl).div(x!.shape[0]!);
  },
};
