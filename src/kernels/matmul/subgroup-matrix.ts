// The kernel for the matrix units of GPUs (wgsl/matmul-subgroup-matrix.wgsl): its types, and its unrolled text.

import type { SubgroupMatrix } from "../../runtime/acquire.js";
import wgsl from "../wgsl/matmul-subgroup-matrix.js";
import type { Shader } from "./kernel.js";
import type { Operand, Problem } from "./problem.js";

export interface SubgroupMatrixTile {
  /** What a subgroup multiplies at once. */
  readonly matrix: SubgroupMatrix;
  /** Rows and columns of c that a workgroup computes. */
  readonly side: number;
  /** Steps of k in a slice. */
  readonly depth: number;
}

const LANES = 128; // as in the kernel, and so are the numbers below
const PARTS = 4;
const GAP = 8;

/** Bytes of workgroup memory that the kernel takes, in whichever layout takes most. */
export function matrixBytes({ matrix: { component, M, N }, side, depth }: SubgroupMatrixTile): number {
  const slice = Math.max(side * (depth + GAP), depth * (side + GAP));
  return 2 * slice * (component === "f16" ? 2 : 4) + PARTS * M * N * 4;
}

export function subgroupMatrixTiles({ a, b }: Problem, { matrix, side, depth }: SubgroupMatrixTile): Shader {
  const { component, M, N, K } = matrix;
  const [alongA, alongB] = [isAlongK(a), isAlongK(b)];
  const [runA, runB] = [a, b].map(({ vector }) => (vector === undefined ? 1 : 4)) as [number, number];
  return {
    file: wgsl,
    key: `${component} ${M} ${N} ${K} ${side} ${depth} ${alongA} ${alongB} ${runA} ${runB}`,
    tile: [side, side],
    vectors: { a: runA === 4, b: runB === 4 },
    types: {
      S: component,
      Left: `subgroup_matrix_left<${component}, ${K}, ${M}>`,
      Right: `subgroup_matrix_right<${component}, ${N}, ${K}>`,
      Sums: `subgroup_matrix_result<f32, ${N}, ${M}>`,
    },
    constants: {
      MATRIX_M: M,
      MATRIX_N: N,
      MATRIX_K: K,
      TILE_M: side,
      TILE_N: side,
      DEPTH: depth,
      A_ALONG_K: Number(alongA),
      B_ALONG_K: Number(alongB),
      A_RUN: runA,
      B_RUN: runB,
    },
    slots: () => ({
      readers: `${reader("a", "m", a)}\n${reader("b", "n", b)}`,
      ...joined(
        loads("a", "m", (side * depth) / LANES / runA, runA, alongA),
        loads("b", "n", (side * depth) / LANES / runB, runB, alongB),
      ),
      ...products(side / 2 / M, side / 2 / N, alongA, alongB),
    }),
  };
}

/** The direction in which lanes go through an operand: where it has vectors, theirs. */
function isAlongK({ vector, k }: Operand): boolean {
  return vector === undefined ? k === 1 : vector === "k";
}

/** Reads one element, or four in a run; zeros past the edges. */
function reader(x: "a" | "b", outer: "m" | "n", { vector }: Operand): string {
  const place = `start + ${outer} * p.${x}_${outer} + k * p.${x}_k`;
  const type = vector === undefined ? "S" : "vec4<S>";
  const value = vector === undefined ? `S(${x}[${place}])` : `vec4<S>(${x}[(${place}) / 4])`;
  // Vectors along m and n end where the matrix does; those along k may not.
  const inside = vector === "k" ? `select(vec4<S>(), ${value}, vec4u(k, k + 1, k + 2, k + 3) < vec4u(end))` : value;
  return `fn ${x}_run(start: u32, ${outer}: u32, k: u32, end: u32) -> ${type} {
  if ${outer} >= p.${outer.toUpperCase()} || k >= end { return ${type}(); }
  return ${inside};
}`;
}

type Loads = Readonly<Record<"places" | "load" | "store" | "prefetch", string>>;

function loads(x: "a" | "b", outer: "m" | "n", count: number, run: number, alongK: boolean): Loads {
  const X = x.toUpperCase();
  const lines = (line: (i: number) => string): string => range(count).map(line).join("\n");
  const read = (i: number): string =>
    `${x}_run(start.${x === "a" ? "x" : "y"}, ${outer} + ${x}${i}.x, k + ${x}${i}.y, range.y)`;
  const [row, column] = alongK ? ["x", "y"] : ["y", "x"];
  const elements = range(run).map((j) => (run === 1 ? "" : `[${j}]`));
  return {
    places: lines(
      (i) => `let ${x}${i} = place(lane + ${i} * LANES, TILE_${outer.toUpperCase()}, ${X}_RUN, ${X}_ALONG_K);`,
    ),
    load: lines((i) => `var ${x}_next${i} = ${read(i)};`),
    store: lines((i) => {
      const at = `${x}${i}.${row} * ${X}_ROW + ${x}${i}.${column}`;
      return elements.map((element, j) => `${x}_slice[${at} + ${j}] = ${x}_next${i}${element};`).join(" ");
    }),
    prefetch: lines((i) => `${x}_next${i} = ${read(i)};`),
  };
}

function joined(a: Loads, b: Loads): Loads {
  const both = (slot: keyof Loads): string => `${a[slot]}\n${b[slot]}`;
  return { places: both("places"), load: both("load"), store: both("store"), prefetch: both("prefetch") };
}

/** The sums of a subgroup's `rows` x `columns` matrices, one step of k, and how they are put where lanes can read them. */
function products(rows: number, columns: number, alongA: boolean, alongB: boolean): Record<string, string> {
  const each = (text: (r: number, c: number) => string): string =>
    range(rows)
      .flatMap((r) => range(columns).map((c) => text(r, c)))
      .join("\n");
  const left = (r: number): string =>
    alongA
      ? `subgroupMatrixLoad<Left, row_major>(&a_slice, (row + ${r} * MATRIX_M) * A_ROW + i, A_ROW)`
      : `subgroupMatrixLoad<Left, col_major>(&a_slice, i * A_ROW + row + ${r} * MATRIX_M, A_ROW)`;
  const right = (c: number): string =>
    alongB
      ? `subgroupMatrixLoad<Right, col_major>(&b_slice, (column + ${c} * MATRIX_N) * B_ROW + i, B_ROW)`
      : `subgroupMatrixLoad<Right, row_major>(&b_slice, i * B_ROW + column + ${c} * MATRIX_N, B_ROW)`;
  return {
    sums: each((r, c) => `var c${r}_${c} = Sums();`),
    step: [
      ...range(rows).map((r) => `let left${r} = ${left(r)};`),
      ...range(columns).map((c) => `let right${c} = ${right(c)};`),
      each((r, c) => `c${r}_${c} = subgroupMatrixMultiplyAccumulate(left${r}, right${c}, c${r}_${c});`),
    ].join("\n"),
    collect: each(
      (r, c) =>
        `case ${r * columns + c}: { subgroupMatrixStore<row_major>(&results, subgroup * AREA, c${r}_${c}, MATRIX_N); }`,
    ),
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
