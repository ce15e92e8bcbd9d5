// Running recipes: pointwise ones as generated kernels, deferred kernels with what follows them as their epilogue.

import { dtypes } from "../../core/dtype.js";
import { contiguous, contiguousStrides, isContiguous, type Layout } from "../../core/layout.js";
import { numel, type Shape, sameShape } from "../../core/shape.js";
import { Storage } from "../../runtime/storage.js";
import type { NDArray } from "../array.js";
import { withImports } from "../source.js";
import { Fusion, isSamePlace, type Output } from "./fusion.js";
import { isHeld, type Trace, trace } from "./trace.js";

const WORKGROUP_SIZE = 256; // the largest every adapter must allow

/** Computes an array into new memory, row-major, and settles it there. Also makes a strided array contiguous. */
export function realizeRecipe(array: NDArray): void {
  const anchor = findAnchor(array);
  const traced = trace([array], anchor);
  const outputs = allocate(anchor === undefined ? [array] : [...wantedOnTheWay(traced, anchor, array), array]);
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
  const target: Output = { array, storage, strides: layout.strides, offset: layout.offset };
  const anchor = findAnchor(array);
  const traced = trace([array], anchor);
  const { buffer } = storage.block;
  const inputs = anchor?.state.kind === "deferred" ? trace(anchor.state.inputs).leaves : [];
  const read = [...traced.leaves, ...inputs];
  const overlaps = read.some((leaf) => leaf.realize().storage.block.buffer === buffer && !isSamePlace(leaf, target));
  const wanted = anchor === undefined ? [] : wantedOnTheWay(traced, anchor, array);
  if (overlaps || wanted.length > 0) copyElements(array, target);
  else run(array, traced, anchor, [target]);
}

/** The epilogue that only stores a kernel's results, in the array they are for. */
export function storing(array: NDArray): Fusion {
  const { storage, layout } = array.realize();
  const output: Output = { array, storage, strides: layout.strides, offset: layout.offset };
  return epilogueOf(array, { nodes: [], leaves: [], constants: [], uses: new Map() }, [output], array.shape);
}

function epilogueOf(anchor: NDArray, traced: Trace, outputs: readonly Output[], shape: Shape): Fusion {
  return new Fusion({ trace: traced, shape, groups: [shape.map((_, d) => d)], outputs, anchor, vectors: false });
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
  const kernel = device.kernel(`pointwise ${key}`, () => ({
    name: "pointwise",
    variant: key,
    buffers: fusion.buffers,
    params: [{ name: "n", type: "u32" }, ...fusion.params],
    code: withImports(
      `#import shared/grid
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
let i = workgroup_index(group, groups) * ${WORKGROUP_SIZE}u + lane;
if i >= p.n { return; }
${fusion.body(["i"])}
}`,
      fusion.imports,
    ),
  }));
  const n = fusion.extents[0] ?? 1;
  device.launch(kernel, [n, ...values], blocks, Math.ceil(n / WORKGROUP_SIZE));
}

/** A deferred kernel, of the array's own shape, that can take the rest of the recipe as its epilogue. */
function findAnchor(array: NDArray): NDArray | undefined {
  if (array.state.kind === "deferred") return array;
  if (array.state.kind !== "pointwise") return undefined;
  const { leaves } = trace([array]);
  const limit = array.device.limits.maxStorageBuffersPerShaderStage;
  return leaves.find(({ state, shape }) => {
    return state.kind === "deferred" && sameShape(shape, array.shape) && state.buffers + leaves.length <= limit;
  });
}

/**
 * What has to be written beside `root` because others hold it and could otherwise only get it by running the anchor
 * again: the first held array on each way from the anchor to the root. (Later ones follow from those, pointwise.)
 */
function wantedOnTheWay(traced: Trace, anchor: NDArray, root: NDArray): NDArray[] {
  if (anchor === root) return [];
  if (isHeld(traced, anchor)) return [anchor];
  const wanted: NDArray[] = [];
  const open = new Set<NDArray>([anchor]);
  for (const node of traced.nodes) {
    const { state } = node;
    if (node === root || state.kind !== "pointwise" || !state.inputs.some((input) => open.has(input))) continue;
    if (isHeld(traced, node)) wanted.push(node);
    else open.add(node);
  }
  return wanted;
}

/** New memory for arrays of one shape, side by side. */
function allocate(arrays: readonly NDArray[]): Output[] {
  const sizes = arrays.map(({ dtype, shape }) => numel(shape) * dtypes[dtype].bytes);
  const storages = Storage.sideBySide(arrays[0]!.device, sizes);
  return arrays.map((array, i) => ({
    array,
    storage: storages[i]!,
    strides: contiguousStrides(array.shape),
    offset: 0,
  }));
}
