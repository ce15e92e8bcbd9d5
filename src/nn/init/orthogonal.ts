// Matrices that keep lengths.

import { ShapeError } from "../../core/errors.js";
import { named } from "../../core/options.js";
import { diagonal } from "../../linalg/matrices.js";
import { qr } from "../../linalg/qr.js";
import { randn } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkFillable, filled, fromGenerator, type GeneratorOptions } from "./filled.js";

/** What an orthogonal matrix is multiplied by. */
export interface OrthogonalOptions extends GeneratorOptions {
  /** Default 1; see calculateGain. */
  readonly gain?: number;
}

/**
 * gain times a matrix with orthonormal rows, or columns if it has more rows than columns; all dimensions but the first are
 * its columns. Q of the QR decomposition of normal numbers, its signs turned so that R has a positive diagonal, which makes
 * all such matrices equally probable. gain may also stand by position.
 * (Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear networks", 2013.)
 */
export function orthogonal_<T extends Tensor>(tensor: T, gain?: number | OrthogonalOptions | null): T {
  checkFillable("orthogonal_", tensor);
  if (tensor.ndim < 2) throw new ShapeError("orthogonal_", [tensor.shape], "needs at least two dimensions");
  if (tensor.numel() === 0) return tensor;
  const options = named<OrthogonalOptions>(gain, "gain");
  const rows = tensor.shape[0]!;
  const columns = tensor.numel() / rows;
  return filled(tensor, () => {
    const { Q, R } = qr(randn([Math.max(rows, columns), Math.min(rows, columns)], fromGenerator(options)));
    const turned = Q.mul(diagonal(R).sign());
    return (rows < columns ? turned.T : turned).mul(options.gain ?? 1).reshape(tensor.shape);
  });
}
