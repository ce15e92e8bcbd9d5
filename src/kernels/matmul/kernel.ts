// Launching the kernels of matrix products, which share their bindings, their parameters and how they find their part of
// the work: which product of the batch, and which part of k where that is divided (`chunk`).

import { dtypes } from "../../core/dtype.js";
import { NDArray } from "../array.js";
import type { Fusion } from "../pointwise/fusion.js";
import { storing } from "../pointwise/launch.js";
import { kernelSource, type SourceOptions, type WgslFile } from "../source.js";
import sumOfChunks from "../wgsl/matmul-chunks.js";
import type { Operand, Problem } from "./problem.js";

/** What is special about a kernel. */
export interface Shader {
  readonly file: WgslFile;
  /** Names the code that `slots` and `constants` make of the file. */
  readonly key: string;
  /** Rows and columns of c that a workgroup computes. */
  readonly tile: readonly [rows: number, columns: number];
  /** Whether the operands are read as vectors of four. */
  readonly vectors: { readonly a: boolean; readonly b: boolean };
  readonly slots: () => Readonly<Record<string, string>>;
  readonly constants?: SourceOptions["constants"];
  /** Of the file's aliases, besides A, B and T. */
  readonly types?: SourceOptions["types"];
}

/**
 * Computes a product with one kernel, or where k is divided with a second one that adds the parts, always in order.
 * @param sums - takes the sums of a's rows, if the shader computes them; k is not divided then
 */
export function launchProduct(
  problem: Problem,
  shader: Shader,
  chunk: number | undefined,
  epilogue: Fusion,
  sums?: Fusion,
): void {
  const { inputs, M, N, K, batches } = problem;
  const [{ device, dtype }] = inputs;
  const count = batches.reduce((x, y) => x * y, 1);
  const parts = chunk === undefined ? 1 : Math.ceil(K / chunk);
  if (chunk === undefined || parts === 1) {
    launch(problem, shader, epilogue, dtypes[dtype].value, count, undefined, sums);
    return;
  }
  const partial = NDArray.empty("float32", [parts * count * M * N], device);
  launch(problem, shader, storing(partial), "f32", count, { chunk, parts });
  const { value } = dtypes[dtype];
  const kernel = device.kernel(`matmul chunks ${value} ${epilogue.key}`, () =>
    kernelSource(sumOfChunks, {
      variant: `${value} ${epilogue.key}`,
      types: { T: value },
      slots: { epilogue: epilogue.epilogue(value) },
      additions: epilogue,
    }),
  );
  const elements = count * M * N;
  const blocks = [partial.block, ...epilogue.blocks];
  device.launch(kernel, [elements, parts, ...epilogue.values], blocks, Math.ceil(elements / 64));
  partial.release();
}

function launch(
  { inputs, M, N, K, batches, a, b }: Problem,
  { file, key, tile, vectors, slots, constants, types }: Shader,
  epilogue: Fusion,
  value: "f32" | "f16" | "i32" | "u32" | "bool",
  count: number,
  division: { readonly chunk: number; readonly parts: number } | undefined,
  sums?: Fusion,
): void {
  const [{ device, dtype }] = inputs;
  const isWide = batches.length === 2;
  const isDivided = division !== undefined;
  const epilogues = sums === undefined ? [epilogue] : [epilogue, sums];
  const keys = epilogues.map((each) => each.key);
  const variant = [dtype, value, key, isWide ? "wide" : "", isDivided ? "divided" : "", ...keys].join(" ");
  const kernel = device.kernel(`${file.name} ${variant}`, () => {
    const { stored } = dtypes[dtype];
    const extra = [
      ...(isDivided ? ["chunk"] : []),
      ...(isWide ? ["inner_batches", "a_batch_outer", "b_batch_outer"] : []),
    ].map((name) => ({ name, type: "u32" as const }));
    return kernelSource(file, {
      variant,
      types: {
        ...types,
        A: vectors.a ? `vec4<${stored}>` : stored,
        B: vectors.b ? `vec4<${stored}>` : stored,
        T: value,
      },
      ...(constants === undefined ? {} : { constants }),
      slots: {
        ...slots(),
        part: part(isWide, isDivided),
        epilogue: `${epilogue.epilogue(value)}\n${sums?.epilogue("f32", "store_sum") ?? ""}`,
      },
      additions: {
        buffers: epilogues.flatMap(({ buffers }) => buffers),
        params: [...extra, ...epilogues.flatMap((each) => each.params)],
        imports: epilogue.imports,
      },
    });
  });
  const last = ({ batch }: Operand): number => batch.at(-1) ?? 0;
  const params = [M, N, K, count, a.outer, a.k, b.k, b.outer, a.offset, b.offset, last(a), last(b)];
  if (isDivided) params.push(division.chunk);
  if (isWide) params.push(batches[1]!, a.batch[0]!, b.batch[0]!);
  const workgroups = Math.ceil(M / tile[0]) * Math.ceil(N / tile[1]) * count * (division?.parts ?? 1);
  const blocks = [a.array.block, b.array.block, ...epilogues.flatMap((each) => each.blocks)];
  device.launch(kernel, [...params, ...epilogues.flatMap(({ values }) => values)], blocks, workgroups);
}

/** WGSL that says what the product (or part of one) number g is made from: where its operands start, and its range of k. */
function part(isWide: boolean, isDivided: boolean): string {
  const start = (x: string): string =>
    `p.${x}_offset + ${isWide ? `batch % p.inner_batches * p.${x}_batch + batch / p.inner_batches * p.${x}_batch_outer` : `batch * p.${x}_batch`}`;
  const range = isDivided
    ? "let first = g / p.batches * p.chunk;\nreturn vec2u(first, min(first + p.chunk, p.K));"
    : "return vec2u(select(p.K, 0u, g < p.batches), p.K);";
  return `fn k_range(g: u32) -> vec2u { ${range} }
fn batch_start(g: u32) -> vec2u { let batch = g % p.batches; return vec2u(${start("a")}, ${start("b")}); }`;
}
