// A fusion turns a trace into WGSL. The same code serves as a kernel of its own (launch.ts), as the prologue of a
// reduction (it supplies the elements to reduce) and as the epilogue of a matmul or convolution (it takes each result
// as it is computed).
//
// An element is addressed by coordinates c0, c1 ... in a few merged dimensions. Every operand walks them with strides
// that are 0 (broadcast), 1 (adjacent) or a parameter, from an offset that is 0 or a parameter; which it is belongs to
// the kernel's key and text, the numbers do not. Where the innermost strides allow, elements are handled four at a time.

import { type DType, dtypes } from "../../core/dtype.js";
import { collapse, contiguousStrides } from "../../core/layout.js";
import type { Shape } from "../../core/shape.js";
import type { Block } from "../../runtime/block.js";
import type { KernelSource } from "../../runtime/kernel.js";
import type { Storage } from "../../runtime/storage.js";
import type { NDArray } from "../array.js";
import type { WgslFile } from "../source.js";
import { spell, type ValueType, valueType } from "./function.js";
import { alignStrides, type Trace } from "./trace.js";

/** Where a traced array's elements go. All outputs of a fusion lie in one block and have one stored type. */
export interface Output {
  readonly array: NDArray;
  readonly storage: Storage;
  /** Per dimension of the fusion's shape, in elements. */
  readonly strides: readonly number[];
  readonly offset: number;
}

export interface FusionOptions {
  readonly trace: Trace;
  readonly shape: Shape;
  /**
   * The dimensions of `shape` in groups; each group is merged by itself and walked by a linear index of its own.
   * A kernel over all elements has one group; a reduction has two, the kept and the reduced dimensions.
   */
  readonly groups: readonly (readonly number[])[];
  readonly outputs?: readonly Output[];
  /** An array whose value the surrounding kernel supplies as `acc`. */
  readonly anchor?: NDArray;
  /** Whether elements may be handled four at a time along the last group. */
  readonly vectors: boolean;
  /** Put before names of buffers and parameters, where a kernel has two fusions. */
  readonly prefix?: string;
}

/** An operand's way through memory (or, for an indexed function, through its own row-major order). */
interface Walk {
  readonly isVector: boolean;
  /** Per merged dimension, in units of the walk's elements or vectors. */
  readonly strides: readonly number[];
  readonly offset: number;
  /** Letters 0, 1 or p, one per merged dimension. */
  readonly classes: string;
}

export class Fusion {
  /** Identifies the code. */
  readonly key: string;
  readonly width: 1 | 4;
  /** Number of elements (or vectors) each group has. */
  readonly extents: readonly number[];
  readonly #options: FusionOptions;
  readonly #prefix: string;
  readonly #sizes: readonly (readonly number[])[];
  readonly #walks: readonly Walk[];
  readonly #names = new Map<NDArray, string>();
  readonly #inPlace: ReadonlySet<NDArray>;
  /** What leaves are read from: leaves that lie in one block and are read alike share a binding. */
  readonly #bindings: { readonly block: Block; readonly type: string; readonly name: string }[] = [];
  readonly #bindingOf = new Map<NDArray, string>();

  constructor(options: FusionOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? "";
    const { trace, shape, groups, outputs = [], anchor } = options;
    const indexed = trace.nodes.filter(isIndexed);
    const raw = [
      ...trace.leaves.map((leaf) => {
        const { layout } = leaf.realize();
        return { offset: leaf.start, strides: alignStrides(leaf.shape, layout.strides, shape) };
      }),
      ...outputs.map(({ storage, array, strides, offset }) => {
        return { offset: offset + storage.byteOffset / dtypes[array.dtype].bytes, strides };
      }),
      ...indexed.map((node) => ({
        offset: 0,
        strides: alignStrides(node.shape, contiguousStrides(node.shape), shape),
      })),
    ];
    const merged = groups.map((dims) =>
      collapse(
        dims.map((d) => shape[d]!),
        raw.map(({ strides }) => dims.map((d) => strides[d]!)),
      ),
    );
    const rows = raw.map(({ offset }, w) => ({ offset, strides: merged.flatMap((group) => group.strides[w]!) }));
    this.width =
      options.vectors &&
      canVectorize(
        merged.map((group) => group.shape),
        rows,
        outputs,
      )
        ? 4
        : 1;
    this.#sizes = merged.map((group, g) => {
      return this.width === 4 && g === merged.length - 1
        ? group.shape.with(-1, Math.ceil(group.shape.at(-1)! / 4))
        : group.shape;
    });
    this.extents = this.#sizes.map((sizes) => sizes.reduce((a, b) => a * b, 1));
    const memory = trace.leaves.length + outputs.length;
    this.#walks = rows.map((row, w) => makeWalk(row, this.width, w < memory));
    this.#inPlace = new Set(trace.leaves.filter((leaf) => outputs.some((output) => isSamePlace(leaf, output))));

    trace.leaves.forEach((leaf, l) => {
      this.#names.set(leaf, `x${l}`);
      this.#bindingOf.set(leaf, this.#inPlace.has(leaf) ? "out" : this.#bind(leaf, l));
    });
    trace.constants.forEach((constant, k) => this.#names.set(constant, `k${k}`));
    trace.nodes.forEach((node, v) => this.#names.set(node, `v${v}`));
    if (anchor !== undefined) this.#names.set(anchor, "acc");
    this.key = this.#makeKey();
  }

  /** What the kernel binds for the fusion, leaves first; in step with `blocks`. */
  get buffers(): KernelSource["buffers"] {
    const { trace, outputs = [] } = this.#options;
    const reads = this.#bindings.map(({ name, type }) => ({ name, access: "read" as const, type }));
    const [first] = outputs;
    if (first === undefined) return reads;
    return [...reads, { name: "out", access: "write", type: this.#arrayType(first.array, trace.leaves.length) }];
  }

  get blocks(): Block[] {
    const blocks = this.#bindings.map(({ block }) => block);
    const first = this.#options.outputs?.[0];
    return first === undefined ? blocks : [...blocks, first.storage.block];
  }

  /** The name of the binding a leaf is read from. */
  #bind(leaf: NDArray, walk: number): string {
    const { block } = leaf;
    const type = this.#arrayType(leaf, walk);
    let binding = this.#bindings.find((other) => other.block === block && other.type === type);
    if (binding === undefined) {
      binding = { block, type, name: `${this.#prefix}b${this.#bindings.length}` };
      this.#bindings.push(binding);
    }
    return binding.name;
  }

  /** Parameters of the fusion, in step with `values`. */
  get params(): KernelSource["params"] {
    const params: KernelSource["params"][number][] = [];
    this.#eachSize((name) => params.push({ name, type: "u32" }));
    this.#eachWalkParam((name) => params.push({ name, type: "u32" }));
    this.#options.trace.constants.forEach(({ dtype }, k) =>
      params.push({ name: `${this.#prefix}k${k}`, type: paramType(dtype) }),
    );
    return params;
  }

  get values(): number[] {
    const values: number[] = [];
    this.#eachSize((_, size) => values.push(size));
    this.#eachWalkParam((_, value) => values.push(value));
    for (const { state } of this.#options.trace.constants) if (state.kind === "constant") values.push(state.value);
    return values;
  }

  get imports(): Set<WgslFile> {
    return new Set(this.#options.trace.nodes.flatMap((node) => functionOf(node).fn.imports ?? []));
  }

  /** The WGSL name of an array's value in `body`. */
  nameOf(array: NDArray): string {
    return this.#names.get(array)!;
  }

  /** The type of an array's value in `body`. */
  typeOf(array: NDArray): ValueType {
    return valueType(array.dtype, this.width);
  }

  /**
   * WGSL statements that compute every traced array and store the outputs.
   * @param linear - names of the linear indices, one per group
   */
  body(linear: readonly string[]): string {
    const { trace, outputs = [] } = this.#options;
    const lines = this.#coordinates(linear);
    trace.leaves.forEach((leaf, l) => lines.push(`let x${l} = ${this.#load(leaf, l)};`));
    trace.constants.forEach((constant, k) => lines.push(`let k${k} = ${this.#constant(constant, k)};`));
    let index = trace.leaves.length + outputs.length;
    for (const node of trace.nodes) {
      const { fn, inputs } = functionOf(node);
      const args = inputs.map((input) => this.nameOf(input));
      const isOfFour =
        this.width === 4 && fn.wgslOfFour !== undefined && this.#walks[index]?.classes.endsWith("1") === true;
      if (fn.indexed) {
        const name = `i${index}`;
        lines.push(`let ${name} = ${this.#ownIndex(index++, isOfFour)};`);
        args.push(name);
      }
      lines.push(`let ${this.nameOf(node)} = ${this.#expression(node, args, isOfFour)};`);
    }
    outputs.forEach(({ array }, o) => {
      const value = this.nameOf(array);
      const place = this.#address(trace.leaves.length + o);
      lines.push(
        `out[${place}] = ${array.dtype === "bool" ? `select(${this.#splat("u32", "0u")}, ${this.#splat("u32", "1u")}, ${value})` : value};`,
      );
    });
    return lines.join("\n");
  }

  /** The function that a deferred kernel calls with each of its results, `acc`, and its row-major index. */
  epilogue(type: string): string {
    return `fn epilogue(i: u32, acc: ${type}) {\n${this.body(["i"])}\n}`;
  }

  #makeKey(): string {
    const { trace, outputs = [], anchor } = this.#options;
    const parts = [`${this.width}`, this.#sizes.map((sizes) => sizes.length).join(",")];
    for (const { isVector, classes, offset } of this.#walks)
      parts.push((isVector ? "v" : "s") + classes + (offset === 0 ? "" : "+"));
    for (const leaf of trace.leaves) parts.push(`${leaf.dtype}@${this.#bindingOf.get(leaf)}`);
    for (const constant of trace.constants) parts.push(constant.dtype);
    if (anchor !== undefined) parts.push(`acc:${anchor.dtype}`);
    for (const node of trace.nodes) {
      const { fn, inputs } = functionOf(node);
      parts.push(`${fn.name}(${inputs.map((input) => this.nameOf(input))}):${node.dtype}`);
    }
    for (const { array } of outputs) parts.push(`>${this.nameOf(array)}`);
    return parts.join(" ");
  }

  /** Declares c0, c1 ... from the linear indices. */
  #coordinates(linear: readonly string[]): string[] {
    const lines: string[] = [];
    let d = 0;
    this.#sizes.forEach((sizes, g) => {
      const first = d;
      d += sizes.length;
      if (sizes.length === 1) lines.push(`let c${first} = ${linear[g]};`);
      if (sizes.length < 2) return;
      lines.push(`var rest${g} = ${linear[g]};`);
      for (let c = d - 1; c > first; c--)
        lines.push(`let c${c} = rest${g} % p.${this.#prefix}s${c}; rest${g} /= p.${this.#prefix}s${c};`);
      lines.push(`let c${first} = rest${g};`);
    });
    return lines;
  }

  #load(leaf: NDArray, walk: number): string {
    const raw = `${this.#bindingOf.get(leaf)}[${this.#address(walk)}]`;
    const isVector = this.#walks[walk]!.isVector;
    if (leaf.dtype === "bool") {
      const test = `(${raw} != ${isVector ? "vec4u(0u)" : "0u"})`;
      return isVector ? test : this.#splat("bool", test);
    }
    return isVector ? raw : this.#splat(dtypes[leaf.dtype].value, raw);
  }

  #constant({ dtype }: NDArray, k: number): string {
    const param = `p.${this.#prefix}k${k}`;
    const value = dtype === "bool" ? `(${param} != 0u)` : dtype === "float16" ? `f16(${param})` : param;
    return this.#splat(dtypes[dtype].value, value);
  }

  #expression(node: NDArray, args: readonly string[], isOfFour: boolean): string {
    const { fn, inputs } = functionOf(node);
    const to = this.typeOf(node);
    const from = inputs.map((input) => this.typeOf(input));
    // WGSL has no 8-bit type: what overflows has to wrap by hand.
    const wrap = node.dtype === "uint8" ? ` & ${spell(to)}(255u)` : "";
    if (isOfFour && fn.wgslOfFour !== undefined) return fn.wgslOfFour(args, to, from);
    if (this.width === 1 || !fn.scalarOnly) return `(${fn.wgsl(args, to, from)})${wrap}`;
    const single = (type: ValueType): ValueType => ({ ...type, width: 1 });
    const components = ["x", "y", "z", "w"].map((component) =>
      fn.wgsl(
        args.map((arg) => `${arg}.${component}`),
        single(to),
        from.map(single),
      ),
    );
    return `${spell(to)}(${components.join(", ")})${wrap}`;
  }

  #splat(element: string, value: string): string {
    return this.width === 1 ? value : `vec4<${element}>(${value})`;
  }

  /** Position of a walk at the present coordinates. */
  #address(w: number): string {
    const { classes, offset } = this.#walks[w]!;
    const terms = offset === 0 ? [] : [`p.${this.#prefix}o${w}`];
    [...classes].forEach((letter, d) => {
      if (letter === "1") terms.push(`c${d}`);
      if (letter === "p") terms.push(`c${d} * p.${this.#prefix}a${w}_${d}`);
    });
    return terms.join(" + ") || "0u";
  }

  /** Row-major index in a node's own shape; four of them where vectors are handled, or only the first. */
  #ownIndex(w: number, isFirstOnly: boolean): string {
    if (this.width === 1) return this.#address(w);
    const { classes } = this.#walks[w]!;
    const last = classes.length - 1;
    const terms = [...classes].map((letter, d) => {
      if (letter === "0") return undefined;
      if (d === last) return `c${d} * 4u`;
      return letter === "1" ? `c${d}` : `c${d} * p.${this.#prefix}a${w}_${d}`;
    });
    const start = ["0u", ...terms.filter((term) => term !== undefined)].join(" + ");
    if (isFirstOnly) return start;
    return classes[last] === "1" ? `vec4u(${start}) + vec4u(0u, 1u, 2u, 3u)` : `vec4u(${start})`;
  }

  #arrayType({ dtype }: NDArray, walk: number): string {
    const { stored } = dtypes[dtype];
    return this.#walks[walk]!.isVector ? `array<vec4<${stored}>>` : `array<${stored}>`;
  }

  #eachSize(visit: (name: string, size: number) => void): void {
    let d = 0;
    for (const sizes of this.#sizes) {
      for (let i = 0; i < sizes.length; i++, d++) if (i > 0) visit(`${this.#prefix}s${d}`, sizes[i]!);
    }
  }

  #eachWalkParam(visit: (name: string, value: number) => void): void {
    this.#walks.forEach(({ classes, strides, offset }, w) => {
      if (offset !== 0) visit(`${this.#prefix}o${w}`, offset);
      for (let d = 0; d < classes.length; d++) if (classes[d] === "p") visit(`${this.#prefix}a${w}_${d}`, strides[d]!);
    });
  }
}

export function isIndexed({ state }: NDArray): boolean {
  return state.kind === "pointwise" && state.fn.indexed === true;
}

/** Whether a leaf is read exactly where an output is written, so that one writable binding serves both. */
export function isSamePlace(leaf: NDArray, output: Output): boolean {
  const { storage, layout } = leaf.realize();
  return (
    storage === output.storage &&
    layout.offset === output.offset &&
    layout.shape.length === output.strides.length &&
    layout.strides.every((stride, d) => stride === output.strides[d] || layout.shape[d] === 1)
  );
}

function functionOf({ state }: NDArray): Extract<NDArray["state"], { kind: "pointwise" }> {
  if (state.kind !== "pointwise") throw new TypeError(`expected a pointwise recipe, got ${state.kind}`);
  return state;
}

function canVectorize(
  shapes: readonly (readonly number[])[],
  rows: readonly { offset: number; strides: readonly number[] }[],
  outputs: readonly Output[],
): boolean {
  const inner = shapes.at(-1)?.at(-1);
  if (inner === undefined) return false;
  const isFlat = shapes.flat().length === 1;
  // A whole storage in one run may be overrun by up to three elements: blocks end on a multiple of 256 bytes.
  const ownsTail =
    outputs.length > 0 &&
    outputs.every(({ array, storage, offset }) => offset === 0 && storage.bytes === inner * dtypes[array.dtype].bytes);
  if (inner % 4 !== 0 && !(isFlat && ownsTail)) return false;
  return rows.every(({ offset, strides }) => {
    const last = strides.at(-1)!;
    if (last === 0) return true;
    return last === 1 && offset % 4 === 0 && strides.every((stride, d) => d === strides.length - 1 || stride % 4 === 0);
  });
}

function makeWalk(row: { offset: number; strides: readonly number[] }, width: 1 | 4, inMemory: boolean): Walk {
  const isVector = width === 4 && row.strides.at(-1) === 1;
  const scale = isVector && inMemory ? 4 : 1;
  const last = row.strides.length - 1;
  const strides = row.strides.map((stride, d) => (isVector && d === last ? 1 : stride / scale));
  const classes = strides.map((stride) => (stride === 0 ? "0" : stride === 1 ? "1" : "p")).join("");
  return { isVector, strides, offset: row.offset / scale, classes };
}

function paramType(dtype: DType): "f32" | "i32" | "u32" {
  const { value } = dtypes[dtype];
  return value === "f32" || value === "f16" ? "f32" : value === "i32" ? "i32" : "u32";
}
