// The kernel whose lanes pass rows of a round (wgsl/matmul-subgroup.wgsl): the text of one step of k.

import wgsl from "../wgsl/matmul-subgroup.js";
import type { Shader } from "./kernel.js";
import type { Problem } from "./problem.js";
import { type RowSums, withRowSums } from "./row-sums.js";

export interface SubgroupTile {
  readonly lanes: number;
  /** Of c, computed by a subgroup; a multiple of `lanes`. */
  readonly rows: number;
  /** Of c, kept by each lane; a multiple of 4. */
  readonly columns: number;
}

/** Rows or columns left for a tile that are computed one by one: four would take longer than a whole tile. */
const FEW = 2;
/** Only where there are more rows than this are the few left worth a kernel: short batches should find theirs compiled. */
const MANY = 128;

/** b is read in vectors where it has them in a row; for a, elements are as fast, and take fewer kernels. */
export function subgroupTiles({ b, M, N }: Problem, { lanes, rows, columns }: SubgroupTile, hasSums: boolean): Shader {
  const isVector = b.vector === "outer";
  const isFew = (left: number): boolean => !hasSums && left > 0 && left <= FEW;
  const fewRows = M > MANY && isFew(M % rows);
  const fewColumns = isFew(N % (columns * lanes));
  return {
    file: wgsl,
    key: `${rows} ${columns} ${isVector} ${fewRows} ${fewColumns}`,
    tile: [rows, columns * lanes],
    vectors: { a: false, b: isVector },
    constants: { LANES: lanes, ROWS: rows, COLUMNS: columns * lanes, B_RUN: isVector ? 4 : 1 },
    slots: () => {
      const loads = range(columns / 4).map((v) => loadOfB(v, isVector));
      const edges = [...(fewRows ? [rowByRow(loads)] : []), ...(fewColumns ? [columnByColumn(rows / lanes)] : [])];
      const text = textOf(lanes, rows, loads, isVector);
      return { ...(hasSums ? withRowSums(text, rowSumsOf(rows / lanes)) : text), edges: edges.join("\n") };
    },
  };
}

/** Each lane adds up the rows it loads; those of the leftmost workgroups are stored. */
function rowSumsOf(count: number): RowSums {
  return {
    type: "f32",
    terms: range(count).map((i) => `a${i}`),
    store: `if w % across == 0 {
  for (var i = 0u; i < ${count} + (p.M >> 31); i++) {
    let row = m + i * LANES + lane;
    if row < p.M { store_sum(row, s[i]); }
  }
}`,
  };
}

function textOf(lanes: number, rows: number, loadsOfB: readonly string[], isVector: boolean): Record<string, string> {
  const [vectors, loads] = [range(loadsOfB.length), range(rows / lanes)];
  const sums = range(rows).flatMap((r) => vectors.map((v) => `c${r}_${v}`));
  // Where a lane's loads begin, apart from k: indices past the edge are pulled back inside.
  const places = [
    ...loads.map((i) => `let m${i} = min(m + ${i * lanes} + lane, p.M - 1) * p.a_m;`),
    ...(isVector
      ? vectors.map((v) => `let n${v} = min(n + ${v * lanes * 4}, p.N - 4) * p.b_n;`)
      : range(vectors.length * 4).map((j) => `let n${j} = min(n + ${j * lanes}, p.N - 1) * p.b_n;`)),
  ];
  const products = range(rows).map((r) => {
    const x = `subgroupBroadcast(a${Math.floor(r / lanes)}, ${r % lanes}u)`;
    return `{ let x = ${x}; ${vectors.map((v) => `c${r}_${v} += x * b${v};`).join(" ")} }`;
  });
  return {
    places: places.join("\n"),
    sums: sums.map((c) => `var ${c} = vec4f();`).join("\n"),
    step: [...loads.map(loadOfA), ...loadsOfB, ...products].join("\n"),
    collect: `var c = array<vec4f, ${sums.length}>(${sums});`,
  };
}

function loadOfA(i: number): string {
  return `let a${i} = f32(a[a_at + m${i}]);`;
}

function loadOfB(v: number, isVector: boolean): string {
  if (isVector) return `let b${v} = vec4f(b[(b_at + n${v}) / 4]);`;
  return `let b${v} = vec4f(${range(4).map((j) => `f32(b[b_at + n${v * 4 + j}])`)});`;
}

/** Each row that is left, by all lanes: nothing has to be passed round. */
function rowByRow(loads: readonly string[]): string {
  const vectors = range(loads.length);
  return `if p.M - m <= ${FEW} {
  for (var row = m; row < p.M; row++) {
    var a_at = start.x + row * p.a_m + range.x * p.a_k;
    var b_at = start.y + range.x * p.b_k;
    ${vectors.map((v) => `var c${v} = vec4f();`).join(" ")}
    for (var k = range.x; k < range.y; k++) {
      let x = f32(a[a_at]);
      ${loads.join("\n")}
      ${vectors.map((v) => `c${v} += x * b${v};`).join(" ")}
      a_at += p.a_k;
      b_at += p.b_k;
    }
    ${vectors.map((v) => `store_vector(g, row, n, ${v}, c${v});`).join(" ")}
  }
  return;
}`;
}

/** Each column that is left, its rows shared out among the lanes. b has no vectors then: their columns come in fours. */
function columnByColumn(count: number): string {
  const loads = range(count);
  return `if p.N - w % across * COLUMNS <= ${FEW} {
  for (var column = w % across * COLUMNS; column < p.N; column++) {
    var a_at = start.x + range.x * p.a_k;
    var b_at = start.y + column * p.b_n + range.x * p.b_k;
    ${loads.map((i) => `var c${i} = 0.0;`).join(" ")}
    for (var k = range.x; k < range.y; k++) {
      let x = f32(b[b_at]);
      ${loads.map(loadOfA).join("\n")}
      ${loads.map((i) => `c${i} += a${i} * x;`).join(" ")}
      a_at += p.a_k;
      b_at += p.b_k;
    }
    var c = array<f32, ${count}>(${loads.map((i) => `c${i}`)});
    for (var i = 0u; i < ${count} + (p.M >> 31); i++) { store_element(g, m + i * LANES + lane, column, c[i]); }
  }
  return;
}`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
