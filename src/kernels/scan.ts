// Scans: what the elements of a row up to each one combine to.

import { dtypes, isFloatingPoint } from "../core/dtype.js";
import type { NDArray } from "./array.js";
import { launchScan, type Recipe, type ScanUse } from "./scan-levels.js";

export type { ScanUse } from "./scan-levels.js";

const MINUS_INFINITY = 0xff800000;

/** Sums, products, or log of the sums of exponentials. */
export function scan(kind: "sum" | "prod" | "logsumexp", x: NDArray, use: ScanUse): NDArray {
  const { stored } = dtypes[x.dtype];
  const T = stored === "f16" ? "f32" : stored;
  const Y = T === stored ? "v" : `${stored}(v)`;
  const common = {
    name: `${kind} ${x.dtype}`,
    T,
    load: `${T}(a[p.a_offset + at])`,
    finish: Y,
    states: "values",
  } as const;
  if (kind === "sum")
    return launchScan({ ...common, identity: `${T}(0)`, combine: "return a + b;" }, [x], x.dtype, use);
  if (kind === "prod")
    return launchScan({ ...common, identity: `${T}(1)`, combine: "return a * b;" }, [x], x.dtype, use);
  const identity = "bitcast<f32>(p.identity)";
  return launchScan({ ...common, identity, identityBits: MINUS_INFINITY, combine: LOG_ADD_EXP }, [x], x.dtype, use);
}

const LOG_ADD_EXP = `
  if is_nan(a) || (a == b && abs(a) > 0x1.fffffep+127) { return a; } // infinities of one sign have no difference
  if is_nan(b) { return b; }
  return max(a, b) + log1p(exp_(min(a, b) - max(a, b)));`;

/** h[d] = a[d] h[d - 1] + b[d], float32. */
export function recurrence(a: NDArray, b: NDArray, use: ScanUse): NDArray {
  const recipe: Recipe = {
    name: `recurrence ${a.dtype}`,
    T: "vec2<f32>", // h -> x h + y
    identity: "T(1.0, 0.0)",
    // An overflowing factor must not make NaN of a zero.
    combine: "return T(a.x * b.x, select(b.x * a.y, 0.0, a.y == 0.0) + b.y);",
    load: "T(f32(a[p.a_offset + at]), f32(b[p.b_offset + at]))",
    finish: `${dtypes[a.dtype].stored}(v.y)`,
    states: "values",
  };
  return launchScan(recipe, [a, b], a.dtype, use);
}

/** Where the largest or smallest element so far is: the last one of equals, and the last NaN, once there is any. */
export function extremeSoFar(kind: "max" | "min", x: NDArray, use: ScanUse): NDArray {
  const isFloat = isFloatingPoint(x.dtype);
  const nanTest = (value: string): string => (isFloat ? `is_nan(f32(${value}))` : "false");
  const recipe: Recipe = {
    name: `${kind} ${x.dtype}`,
    T: "i32",
    identity: "-1",
    combine: `
  if a < 0 || b < 0 { return max(a, b); }
  let x = value_at(a);
  let y = value_at(b);
  return select(a, b, ${nanTest("y")} || (!${nanTest("x")} && y ${kind === "max" ? ">=" : "<="} x));`,
    load: "i32(element(e))",
    finish: "v",
    states: "positions",
  };
  return launchScan(recipe, [x], "int32", use);
}
