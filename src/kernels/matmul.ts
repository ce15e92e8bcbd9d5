// Matrix products of arrays in any layout (NN, NT, TN ... without a copy), batched and broadcast. A family of kernels in
// variants: matmul/variants.ts lists them.

import { broadcastShapes, numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { launchProduct, type Shader } from "./matmul/kernel.js";
import { type Problem, problemOf } from "./matmul/problem.js";
import { registerTiles } from "./matmul/registers.js";
import { sharedTiles } from "./matmul/shared.js";
import { subgroupTiles } from "./matmul/subgroup.js";
import { subgroupMatrixTiles } from "./matmul/subgroup-matrix.js";
import { checkedProducts, typicalProducts } from "./matmul/trials.js";
import { type Constants, inFloat, preferred, sizeClasses, sizeClassOf, variants } from "./matmul/variants.js";
import type { Fusion } from "./pointwise/fusion.js";
import { chooseVariant } from "./variants/choice.js";
import { type FloatType, floatTypes } from "./variants/operands.js";
import { defineFamily } from "./variants/variant.js";

const family = defineFamily<Constants>({
  name: "matmul",
  shapeClasses: (device) => floatTypes(device).flatMap((dtype) => sizeClasses.map((size) => inFloat(size, dtype))),
  variants,
  preferred,
  typical: (device) => typicalProducts(device, matmul),
  checks: (device) => checkedProducts(device, matmul),
});

/** a [..., M, K] times b [..., K, N], floating point, of one dtype; batch dimensions broadcast. Launched when needed. */
export function matmul(a: NDArray, b: NDArray): NDArray {
  const batchShape = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [M, K] = a.shape.slice(-2) as [number, number];
  const N = b.shape.at(-1)!;
  const shape = [...batchShape, M, N];
  if (numel(shape) === 0 || K === 0) return NDArray.constant(0, a.dtype, shape, a.device);
  const problem = problemOf(a, b, batchShape, M, K, N);
  return NDArray.deferred(a.dtype, shape, {
    inputs: problem.inputs,
    buffers: 2,
    launch: (epilogue) => launch(problem, constantsFor(problem), epilogue),
    summing: () => summing(problem),
  });
}

/** Elements of a row that its sum takes one after the other. */
const MAX_SUMMED = 1024;

/**
 * How the kernel also takes the sums of a's rows: where the product is so small that another launch would cost more than
 * the additions, by kernels that hold a's elements in registers.
 */
function summing(problem: Problem): ((epilogue: Fusion, sums: Fusion) => void) | undefined {
  const [{ dtype, shape }] = problem.inputs;
  const { M, K, batches } = problem;
  if (dtype !== "float32" || batches.length > 0 || M !== shape.at(-2) || K > MAX_SUMMED) return undefined;
  if (sizeClassOf(problem) !== "small") return undefined;
  const constants = constantsFor(problem);
  const canSum = (constants.kind === "subgroup" || constants.kind === "shared") && constants.chunk === undefined;
  return canSum ? (epilogue, sums) => launch(problem, constants, epilogue, sums) : undefined;
}

function constantsFor(problem: Problem): Constants {
  const [{ device, dtype }] = problem.inputs;
  return chooseVariant(device, family, inFloat(sizeClassOf(problem), dtype as FloatType)).constants;
}

function launch(problem: Problem, constants: Constants, epilogue: Fusion, sums?: Fusion): void {
  launchProduct(problem, shaderOf(problem, constants, sums !== undefined), constants.chunk, epilogue, sums);
}

function shaderOf(problem: Problem, constants: Constants, hasSums: boolean): Shader {
  switch (constants.kind) {
    case "registers":
      return registerTiles(problem);
    case "shared":
      return sharedTiles(problem, constants, hasSums);
    case "subgroup":
      return subgroupTiles(problem, constants, hasSums);
    case "subgroup matrix":
      return subgroupMatrixTiles(problem, constants);
  }
}
