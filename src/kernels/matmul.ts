// Matrix products of arrays in any layout (NN, NT, TN ... without a copy), batched and broadcast.

import { dtypes } from "../core/dtype.js";
import { collapse, expand } from "../core/layout.js";
import { broadcastShapes, numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource } from "./source.js";
import matmulWgsl from "./wgsl/matmul.js";

const TILE_M = 64; // rows and columns of c that a workgroup of matmul.wgsl computes
const TILE_N = 32;

/** One operand as the kernel walks it; `outer` is m for a and n for b. Strides and offset in elements. */
interface Operand {
  readonly array: NDArray;
  readonly offset: number;
  readonly outer: number;
  readonly k: number;
  /** Strides of the batch dimensions. */
  readonly batch: readonly number[];
  /** The dimension along which four elements can be read as one vector. */
  readonly vector: "outer" | "k" | undefined;
}

/** a [..., M, K] times b [..., K, N], floating point, of one dtype; batch dimensions broadcast. Launched when needed. */
export function matmul(a: NDArray, b: NDArray): NDArray {
  const batchShape = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [M, K] = a.shape.slice(-2) as [number, number];
  const N = b.shape.at(-1)!;
  const shape = [...batchShape, M, N];
  if (numel(shape) === 0 || K === 0) return NDArray.constant(0, a.dtype, shape, a.device);

  const problem =
    mergeBatches(a, b, batchShape, M, K, N) ??
    mergeBatches(
      a.expand([...batchShape, M, K]).contiguous(),
      b.expand([...batchShape, K, N]).contiguous(),
      batchShape,
      M,
      K,
      N,
    )!;
  return NDArray.deferred(a.dtype, shape, {
    inputs: problem.inputs,
    buffers: 2,
    launch: (epilogue) => launch(problem, epilogue),
  });
}

interface Problem {
  readonly inputs: readonly [NDArray, NDArray];
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** At most two, outermost first. */
  readonly batches: readonly number[];
  readonly a: Operand;
  readonly b: Operand;
}

/** Merges batch dimensions, into rows of `a` where `b` is the same for all; undefined if more than two remain. */
function mergeBatches(a: NDArray, b: NDArray, batchShape: Shape, M: number, K: number, N: number): Problem | undefined {
  const inputs = [a, b] as const;
  const la = expand(a.realize().layout, [...batchShape, M, K]);
  const lb = expand(b.realize().layout, [...batchShape, K, N]);
  const rank = batchShape.length;
  const isShared = lb.strides.slice(0, rank).every((stride, d) => stride === 0 || batchShape[d] === 1);
  const rows = collapse([...batchShape, M], [la.strides.slice(0, -1)]);
  const bOperand = (batch: readonly number[]): Operand =>
    operand(b, N, lb.strides.at(-1)!, K, lb.strides.at(-2)!, batch);
  if (isShared && rows.shape.length <= 1) {
    const outer = rows.strides[0]![0] ?? K;
    const rowCount = rows.shape[0] ?? 1;
    return {
      inputs,
      M: rowCount,
      N,
      K,
      batches: [],
      a: operand(a, rowCount, outer, K, la.strides.at(-1)!, []),
      b: bOperand([]),
    };
  }
  const { shape: batches, strides } = collapse(batchShape, [la.strides.slice(0, rank), lb.strides.slice(0, rank)]);
  if (batches.length > 2) return undefined;
  const aOperand = operand(a, M, la.strides.at(-2)!, K, la.strides.at(-1)!, strides[0]!);
  return { inputs, M, N, K, batches, a: aOperand, b: bOperand(strides[1]!) };
}

function operand(
  array: NDArray,
  outerSize: number,
  outer: number,
  kSize: number,
  k: number,
  batch: readonly number[],
): Operand {
  const { start } = array;
  const isAligned = (...others: number[]): boolean => [start, ...batch, ...others].every((stride) => stride % 4 === 0);
  const vector =
    k === 1 && isAligned(outer) && kSize >= 4 ? "k" : outer === 1 && isAligned(k, outerSize) ? "outer" : undefined;
  return { array, offset: start, outer, k, batch, vector };
}

function launch({ inputs, M, N, K, batches, a, b }: Problem, epilogue: Fusion): void {
  const [{ device, dtype }] = inputs;
  const isWide = batches.length === 2;
  const variant = `${dtype} ${a.vector} ${b.vector}${isWide ? " wide" : ""} ${epilogue.key}`;
  const kernel = device.kernel(`matmul ${variant}`, () => {
    const { stored, value } = dtypes[dtype];
    const bufferType = ({ vector }: Operand): string => (vector === undefined ? stored : `vec4<${stored}>`);
    const wide = ["inner_batches", "a_batch_outer", "b_batch_outer"].map((name) => ({ name, type: "u32" as const }));
    return kernelSource(matmulWgsl, {
      variant,
      types: { A: bufferType(a), B: bufferType(b), T: value },
      constants: { IS_BLOCKWISE: Number(a.vector !== undefined || b.vector !== undefined) },
      slots: {
        blocks: `${readers("a", "m", a.vector)}\n${readers("b", "n", b.vector)}`,
        batch: `fn batch_start(g: u32) -> vec2u { return vec2u(${["a", "b"].map((x) => batchStart(x, isWide))}); }`,
        epilogue: epilogue.epilogue(value),
      },
      additions: {
        buffers: epilogue.buffers,
        params: isWide ? [...wide, ...epilogue.params] : epilogue.params,
        imports: epilogue.imports,
      },
    });
  });
  const count = batches.reduce((x, y) => x * y, 1);
  const params = [
    M,
    N,
    K,
    count,
    a.outer,
    a.k,
    b.k,
    b.outer,
    a.offset,
    b.offset,
    a.batch.at(-1) ?? 0,
    b.batch.at(-1) ?? 0,
  ];
  if (isWide) params.push(batches[1]!, a.batch[0]!, b.batch[0]!);
  const workgroups = Math.ceil(M / TILE_M) * Math.ceil(N / TILE_N) * count;
  device.launch(
    kernel,
    [...params, ...epilogue.values],
    [a.array.block, b.array.block, ...epilogue.blocks],
    workgroups,
  );
}

function batchStart(x: string, isWide: boolean): string {
  const index = isWide
    ? `g % p.inner_batches * p.${x}_batch + g / p.inner_batches * p.${x}_batch_outer`
    : `g * p.${x}_batch`;
  return `p.${x}_offset + ${index}`;
}

/**
 * WGSL that reads operand `x` in 4 x 4 blocks and, for what is left of k, four elements at a time. Outer indices past the
 * end are pulled back inside.
 */
function readers(x: "a" | "b", outer: "m" | "n", vector: Operand["vector"]): string {
  const size = outer.toUpperCase();
  const one = (o: string, k: string): string => {
    const place = `at + min(${o}, p.${size} - 1) * p.${x}_${outer} + (${k}) * p.${x}_k`;
    return vector === undefined ? `f32(${x}[${place}])` : `f32(${x}[(${place}) / 4][(${place}) % 4])`;
  };
  const four = (f: (i: number) => string): string => [0, 1, 2, 3].map(f).join(", ");
  const alongK = (i: number): string => {
    if (vector === "k") return `vec4f(${x}[(at + min(${outer} + ${i}, p.${size} - 1) * p.${x}_${outer} + k) / 4])`;
    return `vec4f(${four((j) => one(`${outer} + ${i}`, `k + ${j}`))})`;
  };
  const alongOuter = (k: string): string => {
    if (vector === "outer") return `vec4f(${x}[(at + min(${outer}, p.${size} - 4) + (${k}) * p.${x}_k) / 4])`;
    return `vec4f(${four((j) => one(`${outer} + ${j}`, k))})`;
  };
  // a_block is [m][k] and b_block [k][n]: whichever way the vectors run, one of the two has to be turned round.
  const rows = vector === "outer" ? `mat4x4f(${four((i) => alongOuter(`k + ${i}`))})` : `mat4x4f(${four(alongK)})`;
  const isTurned = (vector === "outer") === (x === "a");
  const [block, line, order] =
    x === "a" ? ["a_block", "a_column", "m: u32, k: u32"] : ["b_block", "b_row", "k: u32, n: u32"];
  return `fn ${block}(at: u32, ${order}) -> mat4x4f { return ${isTurned ? `transpose(${rows})` : rows}; }
fn ${line}(at: u32, ${order}) -> vec4f { return ${alongOuter("k")}; }`;
}
