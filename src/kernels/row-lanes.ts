// Who works on a row: kernels that combine the elements of rows read them here.
//
// GPUs want neighbouring lanes to read neighbouring memory, so the lanes of a workgroup share a row. Software adapters pay
// for barriers and for nothing else: there a lane has rows to itself.

import type { Device } from "../runtime/device.js";

/** Fewer rows than this would leave a software adapter's threads and vector lanes idle. */
const ENOUGH_ROWS = 32;
/** Rows shorter than this are left to one lane each everywhere. */
const SHORT = 32;

export interface RowLanes {
  /** Lanes that share a row, a power of two. */
  readonly lanes: number;
  /** Rows per workgroup. */
  readonly rows: number;
}

/**
 * @param length - elements or vectors in a row
 * @param areNeighbours - whether the first elements of rows lie side by side
 */
export function rowLanes({ adapter }: Device, rows: number, length: number, areNeighbours = false): RowLanes {
  if (adapter.isSoftware && rows >= ENOUGH_ROWS) return { lanes: 1, rows: 16 };
  if (length < SHORT || (areNeighbours && rows >= 1024)) return { lanes: 1, rows: 64 };
  return { lanes: 64, rows: 1 };
}

/** What kernels call of the elements they handle at a time, one or four. */
export const vectorForms = {
  1: `fn sum_of(v: f32) -> f32 { return v; }
fn largest_of(v: f32) -> f32 { return v; }
fn exp_of(v: f32) -> f32 { return exp_below(vec4f(v)).x; }`,
  4: `fn sum_of(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn largest_of(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }
fn exp_of(v: vec4f) -> vec4f { return exp_below(v); }`,
} as const;
