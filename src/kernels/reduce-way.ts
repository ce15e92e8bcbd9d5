// How a reduction is spread over lanes, and cut into pieces where there would be too few of them.

import type { Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import { kindOf } from "./variants/adapters.js";

/**
 * Who combines what: a lane per kept element, where kept elements lie side by side; a workgroup per kept element, where
 * reduced elements do; or, since software adapters pay for barriers and not for how lanes lie, a lane there too.
 */
export type Way = "columns" | "workgroup per row" | "lane per row";

/** Reductions shorter than this are left to one lane each. */
const SHORT = 32;
/** On software adapters: lanes to keep busy, and elements or vectors that one lane combines, if it is not all of them. */
const BUSY_LANES = 512;
const LANE_WORK = { least: 64, most: 4096, all: 1024 };
/** Elements from which on a reduction is given a longer kernel. */
const MANY = 2 ** 20;
/** Lanes from which on each may take several columns. */
const MANY_LANES = 64;
/** As many as reduce-column-blocks.wgsl takes. */
const COLUMNS = 4;
/** Rows of a piece of long columns, so that they stay in the caches; pieces' results together, at the most. */
const PIECE = { rows: 64, results: 2 ** 22 };

/** Lanes of a workgroup where a lane combines alone. On software adapters few, so that threads share the work evenly. */
export function lanesOf({ adapter }: Device, way: Way): number {
  return way === "columns" && !adapter.isSoftware ? 64 : 16;
}

export function chooseWay({ adapter }: Device, shape: Shape, dims: readonly number[]): Way {
  if (sizeOf(shape, dims) < SHORT || !isInnermostAmong(shape, dims)) return "columns";
  return adapter.isSoftware ? "lane per row" : "workgroup per row";
}

/** How many pieces the reduced elements are cut into. */
export function segmentsOf({ adapter }: Device, way: Way, kept: number, reduced: number): number {
  if (way === "workgroup per row") return rowSegments(kept, reduced);
  if (adapter.isSoftware && reduced <= LANE_WORK.all) return 1; // less than a second kernel costs
  if (way === "columns") return adapter.isSoftware ? cachedSegments(kept, reduced) : columnSegments(kept, reduced);
  const wanted = Math.max(Math.ceil(BUSY_LANES / kept), Math.ceil(reduced / LANE_WORK.most));
  return Math.min(wanted, Math.floor(reduced / LANE_WORK.least));
}

/** A few rows are cut into segments, so that there is work for all of the GPU. */
function rowSegments(rows: number, length: number): number {
  return rows >= 64 ? 1 : Math.max(1, Math.min(1024, Math.floor(length / 4096)));
}

/** Few or long columns likewise: up to 4096 lanes, each with at least 256 elements to combine. */
function columnSegments(columns: number, length: number): number {
  return Math.max(1, Math.min(Math.ceil(4096 / columns), Math.floor(length / 256), 1024));
}

/**
 * On software adapters enough columns keep the cores busy by themselves. Those longer than one lane's work are cut into
 * pieces of so few rows that these stay in the caches until all columns have been read.
 */
function cachedSegments(columns: number, length: number): number {
  if (columns < COLUMNS * MANY_LANES) return columnSegments(columns, length);
  if (length <= LANE_WORK.most) return 1;
  return Math.max(1, Math.min(Math.ceil(length / PIECE.rows), 1024, Math.floor(PIECE.results / columns)));
}

/**
 * Whether a lane takes four elements in each turn of its loop, if they only have to be loaded: where there are so many that
 * it pays for the compilation. llvmpipe gains nothing, and compiles each load for tens of milliseconds.
 */
export function isByFours({ adapter }: Device, way: Way, elements: number): boolean {
  return way !== "workgroup per row" && elements >= MANY && kindOf(adapter) !== "llvmpipe";
}

function sizeOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((count, d) => count * shape[d]!, 1);
}

/** Whether the innermost dimension that is wider than 1 is among `dims`. */
function isInnermostAmong(shape: Shape, dims: readonly number[]): boolean {
  const innermost = shape.findLastIndex((size) => size > 1);
  return dims.includes(innermost);
}

/** How many neighbouring kept elements, or vectors of them, one lane combines. */
export function columnsOf({ adapter }: Device, way: Way, kept: number, segments: number): 1 | typeof COLUMNS {
  const isWorthIt = adapter.isSoftware && kept % COLUMNS === 0 && (kept * segments) / COLUMNS >= MANY_LANES;
  return way === "columns" && isWorthIt ? COLUMNS : 1;
}
