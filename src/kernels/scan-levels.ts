// How a scan is launched: at once, or by segments, whose results are scanned in turn.

import { type DType, dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { kernelSource } from "./source.js";
import scanWgsl from "./wgsl/scan.js";
import math from "./wgsl/shared/math.js";

export interface ScanUse {
  readonly dim: number;
  /** From the last element to the first. Default false. */
  readonly reverse?: boolean;
  /** Without the element itself. Default false. */
  readonly exclusive?: boolean;
}

/** Elements a lane may combine one after another: more rows of lanes where rows lie side by side. */
const RUN = { rows: 16, columns: 256 };
const LANES = 64;
/** Rows shorter than this get one lane each, and so do rows whose neighbours are next to them in memory. */
const SHORT = 32;
const SIDE_BY_SIDE = 16;

/** How elements enter a scan, meet and leave. WGSL; T is the type of a state, `row` where the row begins in `a`. */
export interface Recipe {
  readonly name: string;
  readonly T: string;
  readonly identity: string;
  /** Of a and b, where b comes later. */
  readonly combine: string;
  /** A state, from element `at` of `a` (and `b`), the e-th from where the scan begins. */
  readonly load: string;
  /** What is stored of a state v. */
  readonly finish: string;
  /** The bits of a number WGSL cannot write: p.identity. */
  readonly identityBits?: number;
  /** Whether the operand `a` is read by `combine`, and so at every level. */
  readonly states: "values" | "positions";
}

/** A scan of the operands' elements; or, with `states`, of what their segments combine to. */
export function launchScan(
  recipe: Recipe,
  operands: readonly NDArray[],
  dtype: DType,
  { dim, reverse = false, exclusive = false }: ScanUse,
): NDArray {
  const [{ shape, device }] = operands as readonly [NDArray];
  const y = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return y;
  const D = shape[dim] ?? 1; // a number without dimensions is a row of its own
  const extent: Extent = {
    O: numel(shape.slice(0, dim)),
    D,
    I: numel(shape.slice(dim + 1)),
    size: D,
    reverse,
    exclusive,
  };
  runLevel(
    recipe,
    operands.map((x) => x.contiguous()),
    undefined,
    y,
    extent,
  );
  return y;
}

interface Extent {
  readonly O: number;
  readonly D: number;
  readonly I: number;
  /** Elements per row of the operands, where they are more than the states. */
  readonly size: number;
  readonly reverse: boolean;
  readonly exclusive: boolean;
}

function runLevel(
  recipe: Recipe,
  operands: readonly NDArray[],
  states: NDArray | undefined,
  y: NDArray,
  extent: Extent,
): void {
  const { O, D, I, size, reverse, exclusive } = extent;
  const { device } = y;
  const isRow = D >= SHORT && I < SIDE_BY_SIDE;
  const [lanes, rows] = isRow ? [LANES, 1] : [1, LANES];
  const run = Math.min(isRow ? RUN.rows : RUN.columns, Math.ceil(D / lanes));
  const segments = Math.ceil(D / (lanes * run));
  const isReadBelow = states === undefined || recipe.states === "positions";
  const read = isReadBelow ? operands : [];
  const launchOne = (target: NDArray, carry: NDArray | undefined, isTotal: boolean): void => {
    const key = `scan ${recipe.name} ${lanes} ${states !== undefined} ${isTotal} ${carry !== undefined}`;
    const kernel = device.kernel(key, () =>
      sourceOf(recipe, read, { lanes, rows, isTotal, hasStates: states !== undefined, hasCarry: carry !== undefined }),
    );
    const [a, b] = operands;
    const bits = recipe.identityBits ?? 0;
    const params = [
      O * I,
      D,
      I,
      segments,
      run,
      Number(reverse),
      Number(exclusive),
      size,
      bits,
      a!.start,
      b?.start ?? 0,
    ];
    const bound = [target, ...read, ...(states ? [states] : []), ...(carry ? [carry] : [])];
    device.launch(
      kernel,
      params,
      bound.map(({ block }) => block),
      Math.ceil((O * I * segments) / rows),
    );
  };
  if (segments === 1) {
    launchOne(y, undefined, false);
    return;
  }
  const [totals, carry] = [0, 1].map(() => statesOf(recipe, [O, segments, I], y)) as [NDArray, NDArray];
  launchOne(totals, undefined, true);
  runLevel(recipe, operands, totals, carry, { O, D: segments, I, size, reverse: false, exclusive: false });
  launchOne(y, carry, false);
}

function statesOf({ T }: Recipe, shape: Shape, { device }: NDArray): NDArray {
  const dtype = T === "i32" ? "int32" : T === "u32" ? "uint8" : "float32";
  return NDArray.empty(dtype, T.startsWith("vec2") ? [...shape, 2] : shape, device);
}

interface Variant {
  readonly lanes: number;
  readonly rows: number;
  readonly isTotal: boolean;
  readonly hasStates: boolean;
  readonly hasCarry: boolean;
}

function sourceOf(
  { name, T, identity, combine, load, finish }: Recipe,
  read: readonly NDArray[],
  { lanes, rows, isTotal, hasStates, hasCarry }: Variant,
): ReturnType<typeof kernelSource> {
  const isState = isTotal || hasStates;
  const Y = isState ? T : finish === "v" ? T : finish.split("(")[0]!;
  const types = read.map(({ dtype }) => dtypes[dtype].stored);
  const buffers = [
    ...types.map((type, n) => ({ name: "ab"[n]!, access: "read" as const, type: `array<${type}>` })),
    ...(hasStates ? [{ name: "states", access: "read" as const, type: "array<T>" }] : []),
    ...(hasCarry ? [{ name: "carry", access: "read" as const, type: "array<T>" }] : []),
  ];
  const valueAt = `fn value_at(d: i32) -> ${types[0]} { return a[p.a_offset + row + u32(d) * p.I]; }`;
  return kernelSource(scanWgsl, {
    variant: `${name} ${lanes} ${isTotal ? "totals" : hasCarry ? "carried" : ""} ${hasStates ? "states" : ""}`,
    types: { T, Y },
    constants: { LANES: lanes, ROWS: rows, IS_TOTAL: Number(isTotal) },
    slots: {
      identity: `fn identity() -> T { return ${identity}; }`,
      combine: `${read.length > 0 ? valueAt : ""}\nfn combine(a: T, b: T) -> T { ${combine} }`,
      load: `fn load(at: u32, e: u32) -> T { return ${hasStates ? "states[at]" : load}; }`,
      carried: `fn carried(at: u32) -> T { return ${hasCarry ? "carry[at]" : "identity()"}; }`,
      finish: `fn store(at: u32, v: T) { y[at] = ${isState ? "v" : finish}; }`,
    },
    additions: { buffers, imports: [math] },
  });
}
