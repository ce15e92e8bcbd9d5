// Running recipes: pointwise ones as generated kernels, deferred kernels with what follows them as their epilogue.

import { dtypes } from "../../core/dtype.js";
import { contiguous, isContiguous, type Layout } from "../../core/layout.js";
import { numel, type Shape } from "../../core/shape.js";
import type { Storage } from "../../runtime/storage.js";
import type { NDArray } from "../array.js";
import type { Realized } from "../array-state.js";
import { withImports } from "../source.js";
import { kindOf } from "../variants/adapters.js";
import grid from "../wgsl/shared/grid.js";
import { findAnchor, wantedOnTheWay } from "./anchor.js";
import { Fusion, type FusionOptions } from "./fusion.js";
import { isSamePlace, newOutputs, type Output, outputAt } from "./output.js";
import { countComputations, isHeld, type Trace, trace, worthKeeping } from "./trace.js";

export const WORKGROUP_SIZE = 256; // the largest every adapter must allow
const NOTHING: Trace = { nodes: [], leaves: [], constants: [], uses: new Map() };

/** Computes an array into new memory, row-major, and settles it there. Also makes a strided array contiguous. */
export function realizeRecipe(array: NDArray): void {
  const { anchor, traced } = prepare(array);
  const wanted = anchor === undefined ? [] : wantedOnTheWay(traced, anchor, array);
  const other = wanted.find(({ dtype }) => dtypes[dtype].stored !== dtypes[array.dtype].stored);
  if (other !== undefined) {
    other.realize(); // outputs of one kernel share a binding, which has one type
    realizeRecipe(array);
    return;
  }
  const outputs = newOutputs([...wanted, array]);
  run(array, traced, anchor, outputs);
  for (const output of outputs) output.array.settle(output.storage, contiguous(output.array.shape));
}

/**
 * Computes an array into existing memory, for in-place changes and arenas; the array itself does not move there.
 * Recipes that still have to read the old contents run first. Where the array's own operands overlap the target other
 * than element by element, it is computed elsewhere and copied.
 */
export function computeInto(array: NDArray, storage: Storage, layout: Layout): void {
  const own = trace([array]);
  storage.beforeOverwrite((reader) => {
    return reader === array || own.nodes.some((node) => node === reader && !isHeld(own, node));
  });
  const target = outputAt(array, storage, layout);
  const { anchor, traced } = prepare(array);
  const { buffer } = storage.block;
  const inputs = anchor?.state.kind === "deferred" ? trace(anchor.state.inputs).leaves : [];
  const read = [...traced.leaves, ...inputs];
  const overlaps = read.some((leaf) => leaf.realize().storage.block.buffer === buffer && !isSamePlace(leaf, target));
  const wanted = anchor === undefined ? [] : wantedOnTheWay(traced, anchor, array);
  if (overlaps || wanted.length > 0) copyElements(array, target);
  else run(array, traced, anchor, [target]);
}

/**
 * The anchor and the trace, with all that the kernel reads in memory. Computing that may run the anchor, or other things on
 * the way, so look again.
 */
function prepare(array: NDArray): { anchor: NDArray | undefined; traced: Trace } {
  for (;;) {
    const anchor = findAnchor(array);
    const traced = trace([array], anchor);
    const operands = anchor?.state.kind === "deferred" ? trace(anchor.state.inputs) : NOTHING;
    const kept = worthKeeping(traced, array) ?? worthKeeping(operands);
    kept?.realize();
    if (kept !== undefined) continue;
    const crowd = anchor === undefined ? crowding(array, traced) : [];
    for (const input of crowd) input.realize();
    if (crowd.length > 0) continue;
    for (const leaf of [...traced.leaves, ...operands.leaves]) leaf.realize();
    const isPending = [...traced.nodes, ...operands.nodes].every(({ state }) => state.kind === "pointwise");
    if (isPending && (anchor === undefined || anchor.state.kind === "deferred")) return { anchor, traced };
  }
}

/**
 * Operands to compute first, because a kernel would read too many buffers. Recipes are bounded as they are made (recipe.ts),
 * but what was computed since is read beside what it was computed from, if other operands need that too.
 */
function crowding({ state, device }: NDArray, { leaves }: Trace): readonly NDArray[] {
  if (state.kind !== "pointwise" || leaves.length < device.limits.maxStorageBuffersPerShaderStage) return [];
  return state.inputs.filter((input) => input.state.kind === "pointwise" && !input.isUniform);
}

/** The trace of recipes for a kernel that computes them together and has one more buffer, with all that it reads in memory. */
export function inMemory(recipes: readonly NDArray[]): Trace {
  for (;;) {
    const traced = trace(recipes);
    const kept = worthKeeping(traced);
    const crowd = kept === undefined ? recipes.flatMap((recipe) => crowding(recipe, traced)) : [kept];
    for (const array of crowd.length > 0 ? crowd : traced.leaves) array.realize();
    if (crowd.length === 0 && traced.nodes.every(({ state }) => state.kind === "pointwise")) return traced;
  }
}

/**
 * The epilogue that only stores a kernel's results, in the array they are for.
 * @param names - of the epilogue's parameters and buffer, if it is a kernel's second
 */
export function storing(array: NDArray, place: Place = array.realize(), names: Names = {}): Fusion {
  const { storage, layout } = place;
  return epilogueOf(array, NOTHING, [outputAt(array, storage, layout)], array.shape, names);
}

type Place = Pick<Realized, "storage" | "layout">;
type Names = Pick<FusionOptions, "prefix" | "out">;

function epilogueOf(
  anchor: NDArray,
  traced: Trace,
  outputs: readonly Output[],
  shape: Shape,
  names: Names = {},
): Fusion {
  const groups = [shape.map((_, d) => d)];
  return new Fusion({ trace: traced, shape, groups, outputs, anchor, vectors: false, ...names });
}

/** Copies an array's elements, computed first if need be, to a place that does not overlap them. */
function copyElements(array: NDArray, target: Output): void {
  const { storage, layout } = array.realize();
  const bytes = dtypes[array.dtype].bytes;
  const count = numel(array.shape);
  const isRun = isContiguous(layout) && isContiguous({ shape: array.shape, strides: target.strides, offset: 0 });
  const words = (count * bytes) % 4 === 0 && (layout.offset * bytes) % 4 === 0 && (target.offset * bytes) % 4 === 0;
  if (isRun && words && storage.block.buffer !== target.storage.block.buffer) {
    const from = storage.byteOffset + layout.offset * bytes;
    const to = target.storage.byteOffset + target.offset * bytes;
    if (count > 0) array.device.copy(storage.block, from, target.storage.block, to, count * bytes);
  } else {
    run(array, trace([array]), undefined, [target]);
  }
}

function run(array: NDArray, traced: Trace, anchor: NDArray | undefined, outputs: readonly Output[]): void {
  if (numel(array.shape) === 0) return;
  const { shape } = array;
  countComputations(
    traced,
    outputs.map((output) => output.array),
  );
  if (anchor?.state.kind === "deferred") {
    anchor.state.launch(epilogueOf(anchor, traced, outputs, shape));
  } else {
    launchPointwise(
      array,
      new Fusion({ trace: traced, shape, groups: [shape.map((_, d) => d)], outputs, vectors: true }),
    );
  }
}

function launchPointwise({ device }: NDArray, fusion: Fusion): void {
  const { key, values, blocks } = fusion;
  const n = fusion.extents[0] ?? 1;
  // llvmpipe pays for each lane that begins: a loop in few lanes takes half the time of a copy, and 0.1 s more to compile.
  const isLoop = n >= LARGE && kindOf(device.adapter) === "llvmpipe";
  const kernel = device.kernel(`pointwise ${isLoop ? "loop " : ""}${key}`, () => ({
    name: "pointwise",
    variant: key,
    buffers: fusion.buffers,
    params: [{ name: "n", type: "u32" }, ...fusion.params],
    code: withImports(isLoop ? loopOf(fusion) : laneOf(fusion), [...fusion.imports, grid]),
  }));
  device.launch(kernel, [n, ...values], blocks, Math.ceil(n / (isLoop ? LOOP_LANES * RUN : WORKGROUP_SIZE)));
}

function laneOf(fusion: Fusion): string {
  return entryPoint(
    WORKGROUP_SIZE,
    `let i = workgroup_index(group, groups) * ${WORKGROUP_SIZE}u + local.x;
if i >= p.n { return; }
${fusion.body(["i"])}`,
  );
}

const LARGE = 1 << 17; // elements or vectors
const LOOP_LANES = 16; // of a workgroup, each of which computes every 16th of RUN times as many
const RUN = 16;

function loopOf(fusion: Fusion): string {
  return entryPoint(
    LOOP_LANES,
    `let first = workgroup_index(group, groups) * ${LOOP_LANES * RUN}u;
let end = min(first + ${LOOP_LANES * RUN}u, p.n);
for (var i = first + local.x; i < end; i += ${LOOP_LANES}u) {
${fusion.body(["i"])}
}`,
  );
}

/** @param body - finds its workgroup in `group` and `groups`, and its lane in `local` */
export function entryPoint(lanes: number, body: string): string {
  return `@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
${body}
}`;
}
