// The parts of attention.wgsl and attention-gradient.wgsl that are written out row by row. Names: t0, t1 ... are a tile's
// rows, of which a lane holds four columns; y0_0, y0_1 ... are a result row's vectors that the lane holds.

import { factorOf, factorsFunction, factorsOfRows } from "./attention-dropout.js";
import { type MaskKind, masking } from "./attention-mask.js";
import { ALONE, type AttentionConstants } from "./attention-variants.js";

export interface AttentionTextOptions extends AttentionConstants {
  /** Vectors of a result row that a lane holds. */
  readonly width: number;
  readonly mask: MaskKind;
  readonly hasDropout: boolean;
}

/** A matrix: what it is bound as, and what the parameters that say where its rows lie start with. */
interface Operand {
  readonly binding: string;
  readonly name: string;
}

export class AttentionText {
  readonly #lanes: number;
  readonly #rows: readonly number[];
  readonly #width: readonly number[];
  readonly #mask: MaskKind;
  readonly #hasDropout: boolean;
  /** Vectors in which each lane keeps one number, or one vector, of every `lanes`-th row. */
  readonly #holders: readonly number[];

  constructor({ lanes, rows, width, mask, hasDropout }: AttentionTextOptions) {
    this.#lanes = lanes;
    this.#rows = upTo(rows);
    this.#width = upTo(width);
    this.#mask = mask;
    this.#hasDropout = hasDropout;
    this.#holders = upTo(Math.ceil(rows / lanes));
  }

  /** `matrix` is bound to what is summed up by rows; `isByQuery` is WGSL that says whether rows are queries. */
  functions(matrix: string, isByQuery: string): string {
    const steps = [1, 2, 4, 8, 16, 32, 64].filter((step) => step < this.#lanes).reverse();
    const butterfly = (combine: (y: string) => string): string =>
      steps.map((step) => `y = ${combine(`subgroupShuffleXor(y, ${step}u)`)};`).join(" ");
    return `const LANES = ${this.#lanes}u;
const WORKGROUP_SIZE = ${this.#lanes === 1 ? ALONE : this.#lanes}u;
const ROWS = ${this.#rows.length}u;
fn largest_across(x: vec4f) -> vec4f { var y = x; ${butterfly((other) => `max(y, ${other})`)} return y; }
fn sum_across(x: vec4f) -> vec4f { var y = x; ${butterfly((other) => `y + ${other}`)} return y; }
fn matrix_row(at: u32, row: u32, column: u32) -> vec4f {
  let x = vec4f(${matrix}[at + min(row, p.columns - 1) * p.m_row + min(column, p.V - 1)]);
  return select(vec4f(), x, row < p.columns);
}
// Row r may take columns from its first up to its last: reach 1 ends at the diagonal, reach 2 starts there.
fn allowed(x: vec4f, batch: u32, head: u32, row: u32, column: u32) -> vec4f {
  let columns = vec4u(column, column + 1, column + 2, column + 3);
  let start = select(0u, row, p.reach == 2);
  let end = select(p.columns, min(p.columns, row + 1), p.reach == 1);
  ${masking(this.#mask)}
  return select(vec4f(p.masked), y, columns - start < vec4u(max(end, start) - start));
}
${this.#hasDropout ? factorsFunction(isByQuery) : ""}`;
  }

  /** The number of the group of lanes, the same for all of a workgroup where they work together, and the lane's in it. */
  place(): string {
    const number = "workgroup_index(group, groups)";
    if (this.#lanes === 1) return `let w = ${number} * WORKGROUP_SIZE + index;\nlet lane = 0u;`;
    return `let w = ${number};\nlet lane = index;`;
  }

  /** Sums for the result rows, all 0. */
  declarations(): string {
    return this.#each((r) => this.#width.map((i) => `var y${r}_${i} = vec4f();`).join(" "));
  }

  /** Largest scores so far and sums of weights (each lane's part), as vectors of four rows. */
  statistics(): string {
    return this.#fours((i) => `var largest${i} = vec4f(-0x1.fffffep+127); var sum${i} = vec4f();`);
  }

  /** tile[r] = sum_e a[r, e] b[columns, e], four of e at a time. */
  dots(tile: string, a: Operand, b: Operand, extent: string): string {
    const columns = upTo(4);
    const at = (name: string, row: string, count: string): string =>
      `${name}_at + min(${row}, p.${count} - 1) * p.${name}_row`;
    const reads = this.#holders.map(
      (i) => `let ${tile}_row${i} = ${at(a.name, `row + ${i} * LANES + ${this.#lanes === 1 ? 0 : "lane"}`, "rows")};`,
    );
    const others = columns.map((j) => `let ${tile}_column${j} = ${at(b.name, `column + ${j}`, "columns")};`);
    return `${this.#each((r) => `var ${tile}${r} = vec4f();`)}
${[...reads, ...others].join("\n")}
for (var e = 0u; e < ${extent}; e++) {
${this.#holders.map((i) => `let rows${i} = vec4f(${a.binding}[${tile}_row${i} + e]);`).join("\n")}
let columns = transpose(mat4x4f(${columns.map((j) => `vec4f(${b.binding}[${tile}_column${j} + e])`)}));
${this.#each((r) => `${tile}${r} += columns * ${this.#ofRow("rows", r)};`)}
}`;
  }

  /** The lanes' parts of the sums together. */
  sums(): string {
    return this.#fours((i) => `sum${i} = sum_across(sum${i});`);
  }

  /** Online softmax: scores in t become weights, and what was summed before shrinks. */
  weights(): string {
    return this.#fours((i, rows) => {
      const turned = `transpose(mat4x4f(${rows.map((r) => `t${r}`)}))`;
      return `{
${rows.map((r) => `t${r} = allowed(t${r} * p.scale, batch, head, row + ${r}, column);`).join("\n")}
let scores = ${turned};
let largest = max(largest${i}, largest_across(max(max(scores[0], scores[1]), max(scores[2], scores[3]))));
let shrink = exp_below(largest${i} - largest);
largest${i} = largest;
${rows.map((r, j) => `t${r} = exp_below(t${r} - largest[${j}]);`).join("\n")}
let weights = ${turned};
sum${i} = sum${i} * shrink + ((weights[0] + weights[1]) + (weights[2] + weights[3]));
${rows.map((r, j) => this.#width.map((c) => `y${r}_${c} *= shrink[${j}];`).join(" ")).join("\n")}
${this.#hasDropout ? rows.map((r) => `${factorsOfRows(r)}t${r} *= ${factorOf(r)};`).join("\n") : ""}
}`;
    });
  }

  /** Scores in t and dots of dy and v in u become the weights, or their gradient, in t. */
  gradients(): string {
    const byRow = this.#holders.map(
      (i) => `let at${i} = stats_at + min(row + ${i} * LANES + ${this.#lanes === 1 ? 0 : "lane"}, p.queries - 1);
let row_log_sum${i} = stats[at${i}]; let row_delta${i} = stats[p.delta_at + at${i}];`,
    );
    const factor = (r: number): string => (this.#hasDropout ? ` * ${factorOf(r)}` : "");
    return `${byRow.join("\n")}
${this.#each(
  (r) => `${this.#hasDropout ? factorsOfRows(r) : ""}{
let l = select(log_sum, vec4f(${this.#ofRow("row_log_sum", r)}), p.query_rows != 0);
let weight = exp_below(allowed(t${r} * p.scale, batch, head, row + ${r}, column) - l);
let d = select(delta, vec4f(${this.#ofRow("row_delta", r)}), p.query_rows != 0);
t${r} = select(weight${factor(r)}, weight * (u${r}${factor(r)} - d) * p.scale, p.has_dots != 0);
}`,
)}`;
  }

  /** y[r] += sum over the tile's columns of t[r, column] matrix[column]. */
  products(): string {
    const vector = (i: number, column: string): string => `matrix_row(m_at, ${column}, ${i} * LANES + lane)`;
    if (this.#lanes === 1) {
      return `for (var j = 0u; j < min(4u, p.columns - first); j++) {
${this.#width.map((i) => `let x${i} = matrix_row(m_at, first + j, ${i});`).join("\n")}
${this.#each((r) => `${this.#width.map((i) => `y${r}_${i} += x${i} * t${r}.x;`).join(" ")} t${r} = t${r}.yzwx;`)}
}`;
    }
    return `for (var g = 0u; g < min(LANES, (p.columns - first + 3) / 4); g++) {
let at = first + 4 * g;
${this.#width.map((i) => `let x${i} = mat4x4f(${upTo(4).map((j) => vector(i, `at + ${j}`))});`).join("\n")}
${this.#each((r) => `{ let weights = subgroupShuffle(t${r}, g); ${this.#width.map((i) => `y${r}_${i} += x${i} * weights;`).join(" ")} }`)}
}`;
  }

  /** Stores row 0 and moves the others up. */
  store(isSoftmax: boolean): string {
    const column = (i: number): string => (this.#lanes === 1 ? `${i}u` : `${i} * LANES + lane`);
    const value = (i: number): string => `vec4<S>(y0_${i}${isSoftmax ? " / sum0.x" : ""})`;
    const lines = this.#width.map(
      (i) => `if ${column(i)} < p.V { y[y_at + r * p.y_row + ${column(i)}] = ${value(i)}; }`,
    );
    const moves = this.#rows.slice(1).map((r) => this.#width.map((i) => `y${r - 1}_${i} = y${r}_${i};`).join(" "));
    if (!isSoftmax) return [...lines, ...moves].join("\n");
    const turn = this.#fours((i, _, next) =>
      ["sum", "largest"]
        .map((name) => `${name}${i} = vec4f(${name}${i}.yzw, ${next === undefined ? "0.0" : `${name}${next}.x`});`)
        .join(" "),
    );
    const stat = "if lane == 0 { stats[w / blocks * p.rows + r] = largest0.x + log_(sum0.x); }";
    return [...lines, stat, ...moves, turn].join("\n");
  }

  /** The value that row r's lane holds. */
  #ofRow(name: string, r: number): string {
    if (this.#lanes === 1) return `${name}${r}`;
    return `subgroupBroadcast(${name}${Math.floor(r / this.#lanes)}, ${r % this.#lanes}u)`;
  }

  #each(text: (r: number) => string): string {
    return this.#rows.map(text).join("\n");
  }

  #fours(text: (i: number, rows: number[], next: number | undefined) => string): string {
    const count = this.#rows.length / 4;
    return upTo(count)
      .map((i) =>
        text(
          i,
          upTo(4).map((j) => 4 * i + j),
          i + 1 < count ? i + 1 : undefined,
        ),
      )
      .join("\n");
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
