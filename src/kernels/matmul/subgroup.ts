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

/** Rows or columns left for a tile that are computed one by one: four would take longer than a whole tile. */
const FEW = 2;
/** Rows from which on that is worth a kernel of its own: short batches should find theirs compiled. */
const MANY = 128;

interface Edges {
  readonly fewRows: boolean;
  readonly fewColumns: boolean;
}

export function subgroupTiles({ a, b, M, N }: Problem, { lanes, rows, columns }: SubgroupTile): Shader {
  const vectors = { a: a.vector === "outer", b: b.vector === "outer" };
  const isFew = (left: number): boolean => left > 0 && left <= FEW;
  const edges = { fewRows: M > MANY && isFew(M % rows), fewColumns: isFew(N % (columns * lanes)) };
  return {
    file: wgsl,
    key: `${rows} ${columns} ${vectors.a} ${vectors.b} ${edges.fewRows} ${edges.fewColumns}`,
    tile: [rows, columns * lanes],
    vectors,
    constants: { LANES: lanes, ROWS: rows, COLUMNS: columns * lanes, B_RUN: vectors.b ? 4 : 1 },
    slots: () => textOf({ lanes, rows, columns }, vectors, edges),
  };
}

function textOf(
  { lanes, rows, columns }: SubgroupTile,
  vectors: Shader["vectors"],
  { fewRows, fewColumns }: Edges,
): Record<string, string> {
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
  const loadsOfA = range(aLoads).map(
    (i) => `let a${i} = ${vectors.a ? `vec4f(a[(a_at + m${i}) / 4])` : `f32(a[a_at + m${i}])`};`,
  );
  const loadsOfB = range(columns / 4).map((v) =>
    vectors.b
      ? `let b${v} = vec4f(b[(b_at + n${v}) / 4]);`
      : `let b${v} = vec4f(${range(4).map((j) => `f32(b[b_at + n${v * 4 + j}])`)});`,
  );
  const products = range(rows).map((r) => {
    const load = Math.floor(r / (lanes * aRun));
    const owner = Math.floor(r / aRun) % lanes;
    const element = `a${load}${vectors.a ? `[${r % 4}]` : ""}`;
    const each = range(columns / 4).map((v) => `c${r}_${v} += x * b${v};`);
    return `{ let x = subgroupBroadcast(${element}, ${owner}u); ${each.join(" ")} }`;
  });
  const edges = [
    ...(fewRows ? [rowByRow(columns / 4, loadsOfB, vectors.a)] : []),
    ...(fewColumns ? [columnByColumn(aLoads, lanes, loadsOfA, vectors)] : []),
  ];
  return {
    places: places.join("\n"),
    edges: edges.join("\n"),
    sums: sums.map((c) => `var ${c} = vec4f();`).join("\n"),
    step: [...loadsOfA, ...loadsOfB, ...products].join("\n"),
    collect: `var c = array<vec4f, ${sums.length}>(${sums});`,
  };
}

/** Each row that is left, by all lanes: nothing has to be passed round. */
function rowByRow(count: number, loads: readonly string[], isVector: boolean): string {
  return `if p.M - m <= ${FEW} {
  for (var row = m; row < p.M; row++) {
    var a_at = start.x + row * p.a_m + range.x * p.a_k;
    var b_at = start.y + range.x * p.b_k;
    ${range(count)
      .map((v) => `var c${v} = vec4f();`)
      .join(" ")}
    for (var k = range.x; k < range.y; k++) {
      let x = ${element("a", "a_at", isVector)};
      ${loads.join("\n")}
      ${range(count)
        .map((v) => `c${v} += x * b${v};`)
        .join(" ")}
      a_at += p.a_k;
      b_at += p.b_k;
    }
    ${range(count)
      .map((v) => `store_vector(g, row, n, ${v}, c${v});`)
      .join(" ")}
  }
  return;
}`;
}

/** Each column that is left, its rows shared out among the lanes. */
function columnByColumn(count: number, lanes: number, loads: readonly string[], vectors: Shader["vectors"]): string {
  const run = vectors.a ? 4 : 1;
  return `if p.N - w % across * COLUMNS <= ${FEW} {
  for (var column = w % across * COLUMNS; column < p.N; column++) {
    var a_at = start.x + range.x * p.a_k;
    var b_at = start.y + column * p.b_n + range.x * p.b_k;
    ${range(count)
      .map((i) => `var c${i} = ${vectors.a ? "vec4f()" : "0.0"};`)
      .join(" ")}
    for (var k = range.x; k < range.y; k++) {
      let x = ${element("b", "b_at", vectors.b)};
      ${loads.join("\n")}
      ${range(count)
        .map((i) => `c${i} += a${i} * x;`)
        .join(" ")}
      a_at += p.a_k;
      b_at += p.b_k;
    }
    var c = array<f32, ${count * run}>(${range(count).flatMap((i) => (vectors.a ? [0, 1, 2, 3].map((j) => `c${i}[${j}]`) : [`c${i}`]))});
    for (var i = 0u; i < ${count * run} + (p.M >> 31); i++) {
      store_element(g, m + i / ${run} * ${run * lanes} + lane * ${run} + i % ${run}, column, c[i]);
    }
  }
  return;
}`;
}

function element(x: "a" | "b", at: string, isVector: boolean): string {
  return isVector ? `f32(${x}[${at} / 4][${at} % 4])` : `f32(${x}[${at}])`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
