// The text of reduction kernels: of one recipe, or of several whose sums one kernel takes together.

import { type DType, dtypes, isFloatingPoint } from "../core/dtype.js";
import type { KernelSource } from "../runtime/kernel.js";
import type { NDArray } from "./array.js";
import { isNaNExpression, spell, type ValueType, valueType } from "./pointwise/function.js";
import type { Fusion } from "./pointwise/fusion.js";
import { lanesOf, type Way } from "./reduce-way.js";
import { kernelSource } from "./source.js";
import reduceColumnBlocksWgsl from "./wgsl/reduce-column-blocks.js";
import reduceColumnsWgsl from "./wgsl/reduce-columns.js";
import reduceRowsWgsl from "./wgsl/reduce-rows.js";

export type Reduction = "sum" | "prod" | "max" | "min";

/** What one launch computes. */
export interface Stage {
  readonly kind: Reduction;
  /** What is combined, each by itself: recipes of one shape and dtype. */
  readonly xs: readonly [NDArray, ...NDArray[]];
  readonly way: Way;
  readonly prologue: Fusion;
  readonly segments: number;
  /** Whether lanes take four elements in each turn. */
  readonly byFours: boolean;
  /** Floating-point sums are multiplied by it. */
  readonly scale: number;
  /** What the epilogue takes; float16 is combined in float32, and rounded once. */
  readonly result: DType;
  /** Takes the results of one recipe after those of the other. */
  readonly epilogue: Fusion;
}

export function sourceOf(stage: Stage, columns: number): KernelSource {
  const { kind, xs, way, prologue, byFours, result, epilogue } = stage;
  const type = valueType(combinedAs(xs[0].dtype), 1);
  const vector = valueType(type.dtype, prologue.width);
  const linear = way === "columns" ? ["r", "k"] : ["k", "r"];
  const isWorkgroup = way === "workgroup per row";
  const file = isWorkgroup ? reduceRowsWgsl : columns > 1 ? reduceColumnBlocksWgsl : reduceColumnsWgsl;
  const finished = dtypes[result].value;
  const scaled = kind === "sum" && isFloatingPoint(xs[0].dtype);
  const values = xs.map((x) =>
    type.dtype === x.dtype ? prologue.nameOf(x) : `${spell(vector)}(${prologue.nameOf(x)})`,
  );
  return kernelSource(file, {
    variant: `${way} ${kind} ${prologue.key} > ${epilogue.key}`,
    ...(isWorkgroup ? {} : { constants: { WORKGROUP_SIZE: lanesOf(xs[0].device, way) } }),
    types: xs.length === 1 ? { T: spell(type), V: spell(vector) } : { T: "Singles", V: "Vectors" },
    slots: {
      combine: combining(kind, xs.length, type, vector),
      load: `fn load(k: u32, r: u32) -> V {\n${prologue.body(linear)}\nreturn ${pack("V", values)};\n}`,
      fours: byFours ? FOURS : "",
      finish: `fn finish(v: ${spell(type)}) -> ${finished} { return ${finished}(v${scaled ? " * p.scale" : ""}); }`,
      epilogue: epilogue.epilogue(finished),
      store: storing(stage),
    },
    additions: {
      buffers: [...prologue.buffers, ...epilogue.buffers],
      params: [...prologue.params, ...epilogue.params],
      imports: new Set([...prologue.imports, ...epilogue.imports]),
    },
  });
}

/** Four turns of the loop in one, in the same order: the result is the same, whatever was computed before. */
const FOURS = `for (; r + 4 <= last; r += 4u) {
  strand = combine_v(strand, load(k, r));
  strand = combine_v(strand, load(k, r + 1));
  strand = combine_v(strand, load(k, r + 2));
  strand = combine_v(strand, load(k, r + 3));
}`;

/** How results so far are combined: numbers (T) or vectors (V), one per recipe. */
function combining(kind: Reduction, count: number, type: ValueType, vector: ValueType): string {
  const [single, four] = [spell(type), spell(vector)];
  const members = membersOf(count);
  const isNumber = vector.width === 1;
  const joined = (v: string): string => {
    return isNumber ? v : `combine_one(combine_one(${v}.x, ${v}.y), combine_one(${v}.z, ${v}.w))`;
  };
  const none = `${four}(${fromBits(type.dtype, "p.identity")})`;
  const structs = (["Singles", "Vectors"] as const).map((name, i) => {
    return `struct ${name} { ${members.map((member) => `${member.slice(1)}: ${[single, four][i]}`).join(", ")} }`;
  });
  return [
    ...(count === 1 ? [] : structs),
    `fn combine_one(a: ${single}, b: ${single}) -> ${single} { return ${combineExpression(kind, type)}; }`,
    `fn combine_four(a: ${four}, b: ${four}) -> ${four} { return ${combineExpression(kind, vector)}; }`,
    `fn combine(a: T, b: T) -> T { return ${pack(
      "T",
      members.map((m) => `combine_one(a${m}, b${m})`),
    )}; }`,
    `fn combine_v(a: V, b: V) -> V { return ${pack(
      "V",
      members.map((m) => `combine_four(a${m}, b${m})`),
    )}; }`,
    `fn nothing() -> V { return ${pack(
      "V",
      members.map(() => none),
    )}; }`,
    `fn join(v: V) -> T { return ${pack(
      "T",
      members.map((m) => joined(`v${m}`)),
    )}; }`,
  ].join("\n");
}

/** Hands results to the epilogue: all of the first recipe, then all of the second. */
function storing({ xs, way, prologue }: Stage): string {
  const members = membersOf(xs.length);
  const isVector = way === "columns" && prologue.width === 4; // of results
  const count = `p.kept * p.segments${isVector ? " * 4u" : ""}`;
  const at = (k: number, i: string): string => (k === 0 ? i : `${k} * ${count} + ${i}`);
  if (way === "workgroup per row") {
    return `fn store(i: u32, v: T) { ${members.map((m, k) => `epilogue(${at(k, "i")}, finish(v${m}));`).join(" ")} }`;
  }
  const stores = members.flatMap((m, k) => {
    if (!isVector) return `epilogue(${at(k, "i")}, finish(joined${m}));`;
    return [0, 1, 2, 3].map((j) => `epilogue(${at(k, `i * 4 + ${j}`)}, finish(v${m}[${j}]));`);
  });
  return `fn store(i: u32, v: V) { ${isVector ? "" : "let joined = join(v); "}${stores.join(" ")} }`;
}

/** How WGSL reaches the values of each recipe. */
function membersOf(count: number): string[] {
  return count === 1 ? [""] : Array.from({ length: count }, (_, k) => `.s${k}`);
}

function pack(type: "T" | "V", values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${type}(${values.join(", ")})`;
}

export function combineExpression(kind: Reduction, type: ValueType): string {
  if (kind === "sum") return "a + b";
  if (kind === "prod") return "a * b";
  if (!isFloatingPoint(type.dtype)) return `${kind}(a, b)`;
  // A NaN wins from either side: against NaN the comparison is false and b is taken.
  return `select(b, a, (a ${kind === "max" ? ">" : "<"} b) | ${isNaNExpression(type, "a")})`;
}

export function identityOf(kind: Reduction, dtype: DType): number {
  if (kind === "sum") return 0;
  if (kind === "prod") return 1;
  const isMax = kind === "max";
  if (isFloatingPoint(dtype)) return isMax ? -Infinity : Infinity;
  if (dtype === "int32") return isMax ? -(2 ** 31) : 2 ** 31 - 1;
  return isMax ? 0 : 255;
}

/** The bits of a value as WGSL holds it in a computation; float16 travels as float32. */
export function bitsOf(value: number, dtype: DType): number {
  return isFloatingPoint(dtype) ? new Uint32Array(Float32Array.of(value).buffer)[0]! : value;
}

export function fromBits(dtype: DType, bits = "bits"): string {
  if (dtype === "float16") return `f16(bitcast<f32>(${bits}))`;
  return `bitcast<${valueType(dtype, 1).element}>(${bits})`;
}

/** float16 is combined as float32. */
export function combinedAs(dtype: DType): DType {
  return dtype === "float16" ? "float32" : dtype;
}
