// The kernel whose lanes pass rows of a round (wgsl/matmul-subgroup.wgsl): the text of one step of k.

import wgsl from "../wgsl/matmul-subgroup.js";
import type { Shader } from "./kernel.js";
import type { Problem } from "./problem.js";

export interface SubgroupTile {
  readonly lanes: number;
  /** Of c, computed by a subgroup; a multiple of 4 * lanes. */
  readonly rows: number;
  /** Of c, kept by each lane; a multiple of 4. */
  readonly columns: number;
}

export function subgroupTiles({ a, b }: Problem, { lanes, rows, columns }: SubgroupTile): Shader {
  const vectors = { a: a.vector === "outer", b: b.vector === "outer" };
  return {
    file: wgsl,
    key: `${rows} ${columns} ${vectors.a} ${vectors.b}`,
    tile: [rows, columns * lanes],
    vectors,
    constants: { LANES: lanes, ROWS: rows, COLUMNS: columns * lanes, B_RUN: vectors.b ? 4 : 1 },
    slots: () => textOf(lanes, rows, columns, vectors),
  };
}

function textOf(lanes: number, rows: number, columns: number, vectors: Shader["vectors"]): Record<string, string> {
  const sums = range(rows).flatMap((r) => range(columns / 4).map((v) => `c${r}_${v}`));
  const aRun = vectors.a ? 4 : 1;
  const aLoads = rows / lanes / aRun;
  // Where a lane's loads begin, apart from k: indices past the edge are pulled back inside.
  const places = [
    ...range(aLoads).map((i) => `let m${i} = min(m + ${i * lanes * aRun} + lane * ${aRun}, p.M - ${aRun}) * p.a_m;`),
    ...range(columns / (vectors.b ? 4 : 1)).map((j) =>
      vectors.b
        ? `let n${j} = min(n + ${j * lanes * 4}, p.N - 4) * p.b_n;`
        : `let n${j} = min(n + ${j * lanes}, p.N - 1) * p.b_n;`,
    ),
  ];
  const step = [
    ...range(aLoads).map((i) => `let a${i} = ${vectors.a ? `vec4f(a[(a_at + m${i}) / 4])` : `f32(a[a_at + m${i}])`};`),
    ...range(columns / 4).map((v) =>
      vectors.b
        ? `let b${v} = vec4f(b[(b_at + n${v}) / 4]);`
        : `let b${v} = vec4f(${range(4).map((j) => `f32(b[b_at + n${v * 4 + j}])`)});`,
    ),
    ...range(rows).map((r) => {
      const load = Math.floor(r / (lanes * aRun));
      const owner = Math.floor(r / aRun) % lanes;
      const element = `a${load}${vectors.a ? `[${r % 4}]` : ""}`;
      const products = range(columns / 4).map((v) => `c${r}_${v} += x * b${v};`);
      return `{ let x = subgroupBroadcast(${element}, ${owner}u); ${products.join(" ")} }`;
    }),
  ];
  return {
    sums: [...places, ...sums.map((c) => `var ${c} = vec4f();`)].join("\n"),
    step: step.join("\n"),
    collect: `var c = array<vec4f, ${sums.length}>(${sums});`,
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
