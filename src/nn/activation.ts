// Activations: layers that bend each element, and softmax. Those of straight pieces are in piecewise.ts.

import { named } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured } from "./configured.js";
import { usualDim } from "./functional/activation.js";
import { checkPlaces } from "./functional/window.js";
import * as F from "./functional.js";
import { Module } from "./module.js";

/** 1 / (1 + exp(-x)) */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return F.sigmoid(x);
  }
}

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return F.tanh(x);
  }
}

/** x for x > 0, else alpha (exp(x) - 1). (Clevert et al., "Fast and accurate deep network learning by ELUs", 2015.) */
export class ELU extends Configured<F.EluOptions> {
  constructor(alpha?: number | F.EluOptions | null) {
    super(named<F.EluOptions>(alpha, "alpha"));
  }

  forward(x: Tensor): Tensor {
    return F.elu(x, this.options);
  }
}

/** x for x > 0, else alpha (exp(x / alpha) - 1). (Barron, "Continuously differentiable exponential linear units", 2017.) */
export class CELU extends Configured<F.EluOptions> {
  constructor(alpha?: number | F.EluOptions | null) {
    super(named<F.EluOptions>(alpha, "alpha"));
  }

  forward(x: Tensor): Tensor {
    return F.celu(x, this.options);
  }
}

/** scale (x for x > 0, else alpha (exp(x) - 1)); see F.selu. (Klambauer et al., "Self-normalizing neural networks", 2017.) */
export class SELU extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.selu(x, this.options);
  }
}

/** x times the probability that a normal number is below x. (Hendrycks and Gimpel, "Gaussian error linear units", 2016.) */
export class GELU extends Configured<F.GeluOptions> {
  forward(x: Tensor): Tensor {
    return F.gelu(x, this.options);
  }
}

/** x sigmoid(x), also called swish. (Ramachandran et al., "Searching for activation functions", 2017.) */
export class SiLU extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.silu(x, this.options);
  }
}

/** x tanh(softplus(x)). (Misra, "Mish: a self regularized non-monotonic activation function", 2019.) */
export class Mish extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.mish(x, this.options);
  }
}

/** log(1 + exp(beta x)) / beta */
export class Softplus extends Configured<F.SoftplusOptions> {
  forward(x: Tensor): Tensor {
    return F.softplus(x, this.options);
  }
}

/** x / (1 + |x|) */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

/** x - tanh(x) */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return F.tanhshrink(x);
  }
}

/** log(sigmoid(x)) */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return F.logsigmoid(x);
  }
}

/** Which dimension a layer works along. */
export interface DimOptions {
  readonly dim?: number | null;
}

/** a sigmoid(b) for the halves a and b of x along dim, the last one by default. (Dauphin et al., 2017.) */
export class GLU extends Configured<DimOptions> {
  constructor(dim?: number | DimOptions | null) {
    super(named<DimOptions>(dim, "dim"));
  }

  forward(x: Tensor): Tensor {
    return F.glu(x, this.options.dim);
  }
}

/** exp(x_i) / sum_j exp(x_j) along dim; by default 0 for tensors of 0, 1 or 3 dimensions, else 1, as in PyTorch. */
export class Softmax extends Configured<DimOptions> {
  constructor(dim?: number | DimOptions | null) {
    super(named<DimOptions>(dim, "dim"));
  }

  forward(x: Tensor): Tensor {
    return F.softmax(x, this.options.dim ?? usualDim(x));
  }
}

/** log(softmax(x)) along dim; see Softmax. */
export class LogSoftmax extends Configured<DimOptions> {
  constructor(dim?: number | DimOptions | null) {
    super(named<DimOptions>(dim, "dim"));
  }

  forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.options.dim ?? usualDim(x));
  }
}

/** softmax(-x) along dim; see Softmax. */
export class Softmin extends Configured<DimOptions> {
  constructor(dim?: number | DimOptions | null) {
    super(named<DimOptions>(dim, "dim"));
  }

  forward(x: Tensor): Tensor {
    return F.softmin(x, this.options.dim);
  }
}

/** softmax over the channels of each pixel: [N, C, H, W] or [C, H, W] -> same shape. */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    checkPlaces("Softmax2d", 2, x);
    return F.softmax(x, -3);
  }
}
