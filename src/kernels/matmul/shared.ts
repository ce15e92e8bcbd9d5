// The kernel whose lanes share slices of both operands in workgroup memory (wgsl/matmul-shared.wgsl): its unrolled text.

import wgsl from "../wgsl/matmul-shared.js";
import type { Shader } from "./kernel.js";
import type { Problem } from "./problem.js";
import { type RowSums, withRowSums } from "./row-sums.js";

export interface SharedTile {
  /** A workgroup is a square of lanes. */
  readonly side: number;
  /** Rows and columns of c that a lane computes; a multiple of 4. */
  readonly each: number;
  /** Steps of k in a slice. */
  readonly depth: number;
}

/** Bytes of workgroup memory that the kernel takes. */
export function sharedBytes({ side, each, depth }: SharedTile): number {
  return 2 * (side * each + 4) * depth * 4;
}

export function sharedTiles({ a, b }: Problem, tile: SharedTile, hasSums: boolean): Shader {
  const { side, each, depth } = tile;
  return {
    file: wgsl,
    key: `${side} ${each} ${depth} ${a.k === 1} ${b.k === 1}`,
    tile: [side * each, side * each],
    vectors: { a: false, b: false },
    constants: {
      SIDE: side,
      LANE_ROWS: each,
      LANE_COLUMNS: each,
      DEPTH: depth,
      A_ALONG_K: Number(a.k === 1),
      B_ALONG_K: Number(b.k === 1),
    },
    slots: () => (hasSums ? withRowSums(textOf(tile), rowSumsOf(tile)) : textOf(tile)),
  };
}

/** Each lane adds up its own rows; those of the first column are stored. */
function rowSumsOf({ each }: SharedTile): RowSums {
  return {
    type: "vec4f",
    terms: range(each / 4).map((v) => `av${v}`),
    store: `if n == 0 && column == 0 {
  for (var i = 0u; i < LANE_ROWS + (p.M >> 31); i++) {
    let c_m = m + i / 4 * 4 * SIDE + row + i % 4;
    if c_m < p.M { store_sum(c_m, s[i / 4][i % 4]); }
  }
}`,
  };
}

function textOf({ side, each, depth }: SharedTile): Record<string, string> {
  const loads = range((each * depth) / side); // of each operand, by each lane
  const vectors = range(each / 4);
  const sums = range(each).flatMap((r) => vectors.map((v) => `c${r}_${v}`));
  const load = (assign: string): string =>
    loads
      .map(
        (i) => `${assign}x${i} = a_element(start.x, m + a${i}.x, k + a${i}.y, range.y);
${assign}y${i} = b_element(start.y, n + b${i}.x, k + b${i}.y, range.y);`,
      )
      .join("\n");
  const four = (slice: string, at: string): string => `vec4f(${range(4).map((j) => `${slice}[${at} + ${j}]`)})`;
  const step = vectors.flatMap((v) => [
    `let av${v} = ${four("a_slice", `i * A_ROW + row + ${v * 4 * side}`)};`,
    `let bv${v} = ${four("b_slice", `i * B_ROW + column + ${v * 4 * side}`)};`,
  ]);
  for (const r of range(each)) {
    for (const v of vectors) step.push(`c${r}_${v} += av${r >> 2}[${r % 4}] * bv${v};`);
  }
  return {
    places: loads
      .map(
        (i) => `let a${i} = place(lane + ${i} * LANES, TILE_M, A_ALONG_K);
let b${i} = place(lane + ${i} * LANES, TILE_N, B_ALONG_K);`,
      )
      .join("\n"),
    sums: sums.map((c) => `var ${c} = vec4f();`).join("\n"),
    load: load("var "),
    store: loads
      .map((i) => `a_slice[a${i}.y * A_ROW + a${i}.x] = x${i};\nb_slice[b${i}.y * B_ROW + b${i}.x] = y${i};`)
      .join("\n"),
    prefetch: load(""),
    step: step.join("\n"),
    collect: `var c = array<vec4f, ${sums.length}>(${sums});`,
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
