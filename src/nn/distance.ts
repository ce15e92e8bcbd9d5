// How far apart vectors are.

import type { Tensor } from "../tensor/tensor.js";
import { Configured } from "./configured.js";
import * as F from "./functional.js";

/** The cosine of the angle between vectors along one dimension; see F.cosineSimilarity. */
export class CosineSimilarity extends Configured<F.CosineSimilarityOptions> {
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, this.options);
  }
}

/** |x1 - x2 + eps|_p along the last dimension: [..., M] and [..., M] -> [...]; see F.pairwiseDistance. */
export class PairwiseDistance extends Configured<F.PairwiseDistanceOptions> {
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, this.options);
  }
}
