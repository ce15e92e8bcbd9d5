// Several pointwise arrays, of whatever shapes, computed into existing memory by one kernel: each has workgroups of its own.

import type { Layout } from "../../core/layout.js";
import { numel } from "../../core/shape.js";
import type { Block } from "../../runtime/block.js";
import type { KernelSource } from "../../runtime/kernel.js";
import type { Storage } from "../../runtime/storage.js";
import type { NDArray } from "../array.js";
import { computeWithProducts } from "../column-sums.js";
import { withImports } from "../source.js";
import grid from "../wgsl/shared/grid.js";
import { findAnchor } from "./anchor.js";
import { Fusion } from "./fusion.js";
import { computeInto, entryPoint, inMemory, WORKGROUP_SIZE } from "./launch.js";
import { type Output, outputAt } from "./output.js";
import { countComputations, type Trace, trace } from "./trace.js";

const MAX_PIECES = 8; // of one kernel, whose text and parameters grow with them

export interface Target {
  readonly array: NDArray;
  readonly storage: Storage;
  readonly layout: Layout;
}

/** An array that is ready to be computed. */
interface Piece {
  readonly traced: Trace;
  readonly output: Output;
}

/** Computes each array into its memory, which is apart from that of the others, and which no other array reads. */
export function computeTogether(targets: readonly Target[]): void {
  const pieces: Piece[] = [];
  const joined = computeWithProducts(targets).filter(({ array, storage, layout }) => {
    if (numel(array.shape) === 0) return false;
    if (findAnchor(array) === undefined) return true;
    computeInto(array, storage, layout);
    return false;
  });
  const written = new Set(joined.map(({ storage }) => storage.block.buffer));
  for (const { storage } of joined) storage.beforeOverwrite();
  for (const { array, storage, layout } of joined) {
    const traced = inMemory([array]);
    const isApart = traced.leaves.every((leaf) => !written.has(leaf.block.buffer));
    if (isApart) pieces.push({ traced, output: outputAt(array, storage, layout) });
    else computeInto(array, storage, layout);
  }
  launchInGroups(pieces);
}

/** One kernel for as many pieces as may be bound together. */
function launchInGroups(pieces: readonly Piece[]): void {
  let group: Piece[] = [];
  for (const piece of pieces) {
    const { maxStorageBuffersPerShaderStage: most } = piece.output.array.device.limits;
    if (group.length === MAX_PIECES || buffersOf([...group, piece]) > most) {
      launch(group);
      group = [];
    }
    group.push(piece);
  }
  launch(group);
}

/** Buffers that a kernel for the pieces binds, at the most. */
function buffersOf(pieces: readonly Piece[]): number {
  const outputs = new Set(pieces.map(({ output }) => output.storage.block));
  return pieces.reduce((sum, { traced }) => sum + traced.leaves.length, outputs.size);
}

function launch(stale: readonly Piece[]): void {
  const [only] = stale;
  if (only === undefined) return;
  if (stale.length === 1) {
    const { array, storage, strides, offset } = only.output;
    computeInto(array, storage, { shape: array.shape, strides, offset });
    return;
  }
  // What was computed for a later piece may be a part of an earlier one.
  const pieces = stale.map(({ output }) => ({ output, traced: trace([output.array]) }));
  const blocks = [...new Set(pieces.map(({ output }) => output.storage.block))];
  let fusions = fusionsOf(pieces, blocks, true);
  const isMixed = blocks.some(
    (_, b) => new Set(fusions.map((fusion) => typeOf(fusion, `out${b}`)).filter(Boolean)).size > 1,
  );
  if (isMixed) fusions = fusionsOf(pieces, blocks, false);
  const bound = new Map<string, { readonly buffer: KernelSource["buffers"][number]; readonly block: Block }>();
  for (const fusion of fusions) {
    fusion.buffers.forEach((buffer, i) => bound.set(buffer.name, { buffer, block: fusion.blocks[i]! }));
  }
  const counts = fusions.map(({ extents }) => extents[0] ?? 1);
  const ends = counts.map((count) => Math.ceil(count / WORKGROUP_SIZE));
  for (let k = 1; k < ends.length; k++) ends[k]! += ends[k - 1]!;
  for (const { traced, output } of pieces) countComputations(traced, [output.array]);
  const { device } = only.output.array;
  const key = fusions
    .map((fusion, k) => `${fusion.key} >${blocks.indexOf(pieces[k]!.output.storage.block)}`)
    .join(" | ");
  const kernel = device.kernel(`together ${key}`, () => ({
    name: "pointwise",
    variant: `together ${key}`,
    buffers: [...bound.values()].map(({ buffer }) => buffer),
    params: [
      ...fusions.flatMap((_, k) => [`n${k}`, `end${k}`].map((name) => ({ name, type: "u32" as const }))),
      ...fusions.flatMap(({ params }) => params),
    ],
    code: withImports(textOf(fusions), [...fusions.flatMap(({ imports }) => [...imports]), grid]),
  }));
  const params = [...counts.flatMap((count, k) => [count, ends[k]!]), ...fusions.flatMap(({ values }) => values)];
  device.launch(
    kernel,
    params,
    [...bound.values()].map(({ block }) => block),
    ends.at(-1)!,
  );
}

function fusionsOf(pieces: readonly Piece[], blocks: readonly Block[], vectors: boolean): Fusion[] {
  return pieces.map(({ traced, output }, k) => {
    const { shape } = output.array;
    const out = `out${blocks.indexOf(output.storage.block)}`;
    const groups = [shape.map((_, d) => d)];
    return new Fusion({ trace: traced, shape, groups, outputs: [output], vectors, prefix: `f${k}`, out });
  });
}

function typeOf({ buffers }: Fusion, name: string): string | undefined {
  return buffers.find((buffer) => buffer.name === name)?.type;
}

function textOf(fusions: readonly Fusion[]): string {
  const parts = fusions.map((fusion, k) => {
    const first = k === 0 ? "0u" : `p.end${k - 1}`;
    return `if w < p.end${k} {
let i = (w - ${first}) * ${WORKGROUP_SIZE}u + local.x;
if i >= p.n${k} { return; }
${fusion.body(["i"])}
}`;
  });
  return entryPoint(WORKGROUP_SIZE, `let w = workgroup_index(group, groups);\n${parts.join(" else ")}`);
}
