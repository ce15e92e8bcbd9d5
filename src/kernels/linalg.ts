// Decompositions of matrices: one workgroup per matrix of a batch, in float32. Arguments are [..., m, n].

import { LinAlgError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { numel } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import { NDArray } from "./array.js";
import { kernelSource, type WgslFile } from "./source.js";
import choleskyWgsl from "./wgsl/cholesky.js";
import householderQrWgsl from "./wgsl/householder-qr.js";
import jacobiEighWgsl from "./wgsl/jacobi-eigh.js";
import jacobiSvdWgsl from "./wgsl/jacobi-svd.js";
import luWgsl from "./wgsl/lu.js";
import luPermutationWgsl from "./wgsl/lu-permutation.js";
import triangularSolveWgsl from "./wgsl/triangular-solve.js";

const LANES = 64; // WORKGROUP_SIZE of small matrices, and of kernels with a lane per problem
const MOST_LANES = 256; // the largest WORKGROUP_SIZE that every adapter allows
/** Matrices from this size on get MOST_LANES, and a launch for each sweep of rotations: long ones may lose the device. */
const LARGE = 64;
/** Sweeps double the number of right digits, once they start to; float32 needs no more than 6 to 10. */
const SWEEPS = 20;

interface Problem {
  readonly device: Device;
  readonly batches: number;
  readonly m: number;
  readonly n: number;
}

function problem({ device, shape }: NDArray): Problem {
  const [m, n] = shape.slice(-2) as [number, number];
  return { device, batches: numel(shape.slice(0, -2)), m, n };
}

/** Launches a kernel that works in place on the first of the arrays; nothing to do where a size is 0. */
function run(
  file: WgslFile,
  { device, batches, m, n }: Problem,
  params: readonly number[],
  arrays: readonly NDArray[],
): void {
  if (batches * m * n === 0) return;
  const lanes = Math.max(m, n) < LARGE ? LANES : MOST_LANES;
  const kernel = device.kernel(`${file.name} ${lanes}`, () =>
    kernelSource(file, { constants: { WORKGROUP_SIZE: lanes } }),
  );
  const blocks = arrays.map(({ block }) => block);
  const takesFaults = file === luWgsl || file === choleskyWgsl;
  device.launch(kernel, params, takesFaults ? [...blocks, device.faults.block] : blocks, batches);
}

function copyOf(x: NDArray): NDArray {
  const copy = NDArray.empty(x.dtype, x.shape, x.device);
  x.computeInto(copy.realize());
  return copy;
}

function filled(value: number, dtype: "int32" | "float32", shape: Shape, device: Device): NDArray {
  return copyOf(NDArray.constant(value, dtype, shape, device));
}

/** Operations that fail on some matrices: their name, and what it means that step k failed. */
export interface Check {
  readonly op: string;
  readonly problem: (k: number) => string;
}

function faultCode({ device, batches }: Problem, check: Check | undefined): number {
  if (check === undefined) return 0;
  const { op, problem } = check;
  return device.faults.code((k, g) => {
    return new LinAlgError(op, `${batches > 1 ? `in matrix ${g} of the batch, ` : ""}${problem(k)}`);
  });
}

/** P A = L U: both factors in one matrix, the exchanges of rows counted from 1, and where U first has a 0 on its diagonal. */
export function lu(a: NDArray, isPivoting: boolean, check?: Check): { lu: NDArray; pivots: NDArray; info: NDArray } {
  const size = problem(a);
  const { device, batches, m, n } = size;
  const batch = a.shape.slice(0, -2);
  const y = copyOf(a);
  const pivots = NDArray.empty("int32", [...batch, Math.min(m, n)], device);
  const info = filled(0, "int32", batch, device);
  run(luWgsl, size, [batches, m, n, Number(isPivoting), faultCode(size, check)], [y, pivots, info]);
  return { lu: y, pivots, info };
}

/** The order of `size` rows that exchanges of rows [..., k] lead to: [..., size]. */
export function luPermutation(pivots: NDArray, size: number): NDArray {
  const { device, shape } = pivots;
  const order = NDArray.empty("int32", [...shape.slice(0, -1), size], device);
  const batches = numel(shape.slice(0, -1));
  if (batches * size === 0) return order;
  const exchanges = pivots.contiguous();
  const kernel = device.kernel("lu-permutation", () => kernelSource(luPermutationWgsl));
  const [block, start] = numel(shape) === 0 ? [order.block, 0] : [exchanges.block, exchanges.start];
  const params = [batches, shape.at(-1)!, size, start];
  device.launch(kernel, params, [block, order.block], Math.ceil(batches / LANES));
  return order;
}

/** X of A X = B for a triangular A [..., n, n] and B [..., n, k] of the same batch. */
export function triangularSolve(a: NDArray, b: NDArray, isUpper: boolean, isUnit: boolean): NDArray {
  const { device, batches, m: n, n: k } = problem(b);
  const x = copyOf(b);
  if (batches * n * k === 0) return x;
  const matrix = a.contiguous();
  const kernel = device.kernel("triangular-solve", () => kernelSource(triangularSolveWgsl));
  const params = [batches, n, k, matrix.start, Number(isUpper), Number(isUnit)];
  device.launch(kernel, params, [matrix.block, x.block], Math.ceil((batches * k) / LANES));
  return x;
}

/** L of A = L L^T, from A's lower triangle, and the first leading minor that is not positive. */
export function cholesky(a: NDArray, check?: Check): { l: NDArray; info: NDArray } {
  const size = problem(a);
  const l = copyOf(a);
  const info = filled(0, "int32", a.shape.slice(0, -2), size.device);
  run(choleskyWgsl, size, [size.batches, size.n, faultCode(size, check)], [l, info]);
  return { l, info };
}

/** R on and above the diagonal, the vectors of reflections below it, and the reflections' factors. */
export function householderQr(a: NDArray): { a: NDArray; tau: NDArray } {
  const size = problem(a);
  const { device, batches, m, n } = size;
  const y = copyOf(a);
  const tau = NDArray.empty("float32", [...a.shape.slice(0, -2), Math.min(m, n)], device);
  run(householderQrWgsl, size, [batches, m, n], [y, tau]);
  return { a: y, tau };
}

/** A symmetric matrix made diagonal by rotations, and their product, whose rows are the eigenvectors. Unsorted. */
export function jacobiEigh(a: NDArray, identity: NDArray): { a: NDArray; vectors: NDArray } {
  const size = problem(a);
  const { device, batches, n } = size;
  const [y, vectors] = [copyOf(a), copyOf(identity)];
  const rotations = NDArray.empty("float32", [batches, n + 1], device);
  sweep(jacobiEighWgsl, size, [batches, n], [y, vectors, rotations]);
  return { a: y, vectors };
}

/** The rows of x made orthogonal to each other by rotations, and the rotations' product. Unsorted. */
export function jacobiSvd(x: NDArray, identity: NDArray): { x: NDArray; vectors: NDArray } {
  const size = problem(x);
  const [y, vectors] = [copyOf(x), copyOf(identity)];
  sweep(jacobiSvdWgsl, size, [size.batches, size.m, size.n], [y, vectors]);
  return { x: y, vectors };
}

function sweep(file: WgslFile, size: Problem, params: readonly number[], arrays: readonly NDArray[]): void {
  const done = filled(0, "int32", [size.batches], size.device);
  const launches = Math.max(size.m, size.n) < LARGE ? 1 : SWEEPS;
  for (let i = 0; i < launches; i++) run(file, size, [...params, SWEEPS / launches], [...arrays, done]);
}
