// The kernel that needs nothing but registers (wgsl/matmul.wgsl).

import wgsl from "../wgsl/matmul.js";
import type { Shader } from "./kernel.js";
import type { Operand, Problem } from "./problem.js";

export function registerTiles({ a, b }: Problem): Shader {
  return {
    file: wgsl,
    key: `${a.vector} ${b.vector}`,
    tile: [64, 32],
    vectors: { a: a.vector !== undefined, b: b.vector !== undefined },
    constants: { IS_BLOCKWISE: Number(a.vector !== undefined || b.vector !== undefined) },
    slots: () => ({ blocks: `${readers("a", "m", a.vector)}\n${readers("b", "n", b.vector)}` }),
  };
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
