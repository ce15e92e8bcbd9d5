// Cubic convolution, the curve of bicubic sampling (Keys, "Cubic convolution interpolation for digital image processing",
// 1981), with A = -0.75 as in PyTorch.

const A = -0.75;

/** Weights of the four elements around a place as polynomials c0 + c1 t + c2 t^2 + c3 t^3 of its distance t from the second. */
export const cubic: readonly (readonly [c0: number, c1: number, c2: number, c3: number])[] = [
  [0, A, -2 * A, A],
  [1, 0, -(A + 3), A + 2],
  [0, -A, 2 * A + 3, -(A + 2)],
  [0, 0, A, -A],
];
