// A fusion turns a trace into WGSL. The same code serves as a kernel of its own (launch.ts), as the prologue of a
// reduction (it supplies the elements to reduce) and as the epilogue of a matmul or convolution (it takes each result
// as it is computed).
//
// Which strides and offsets are 0 or 1 (walk.ts) belongs to the kernel's key and text; the other numbers are parameters.

import type { Block } from "../../runtime/block.js";
import type { Param } from "../../runtime/command.js";
import type { KernelSource } from "../../runtime/kernel.js";
import type { NDArray } from "../array.js";
import type { WgslFile } from "../source.js";
import { Addresses } from "./address.js";
import { Bindings } from "./binding.js";
import { computed, constantValue, loaded, paramType, stored } from "./expression.js";
import type { Output } from "./output.js";
import { functionOf, type Trace } from "./trace.js";
import { type Space, type SpaceOptions, spaceOf } from "./walk.js";

export interface FusionOptions extends SpaceOptions {
  readonly trace: Trace;
  readonly outputs?: readonly Output[];
  /** An array whose value the surrounding kernel supplies as `acc`. */
  readonly anchor?: NDArray;
  /** Put before names of buffers and parameters, where a kernel has two fusions. */
  readonly prefix?: string;
  /** Name of the buffer of the outputs. Default "out". */
  readonly out?: string;
}

export class Fusion {
  /** Identifies the code. */
  readonly key: string;
  readonly width: 1 | 4;
  /** Number of elements (or vectors) each group has. */
  readonly extents: readonly number[];
  readonly #trace: Trace;
  readonly #outputs: readonly Output[];
  readonly #prefix: string;
  readonly #out: string;
  readonly #space: Space;
  readonly #addresses: Addresses;
  readonly #bindings: Bindings;
  readonly #names: ReadonlyMap<NDArray, string>;

  constructor(options: FusionOptions) {
    const { trace, outputs = [], anchor, prefix = "", out = "out" } = options;
    this.#trace = trace;
    this.#outputs = outputs;
    this.#prefix = prefix;
    this.#out = out;
    this.#space = spaceOf(trace, outputs, options);
    this.width = this.#space.width;
    this.extents = this.#space.sizes.map((sizes) => sizes.reduce((a, b) => a * b, 1));
    this.#addresses = new Addresses(this.#space, prefix);
    this.#bindings = new Bindings(trace.leaves, outputs, this.#space.walks, prefix, out);
    this.#names = namesOf(trace, anchor);
    this.key = this.#makeKey(anchor);
  }

  /** What the kernel binds for the fusion, in step with `blocks`. */
  get buffers(): KernelSource["buffers"] {
    return this.#bindings.buffers;
  }

  get blocks(): Block[] {
    return this.#bindings.blocks;
  }

  /** Parameters of the fusion, in step with `values`. */
  get params(): KernelSource["params"] {
    return [
      ...this.#addresses.params.map((name) => ({ name, type: "u32" as const })),
      ...this.#trace.constants.map(({ dtype }, k) => ({ name: this.#constantParam(k), type: paramType(dtype) })),
    ];
  }

  get values(): Param[] {
    const values: Param[] = this.#addresses.values;
    for (const { state } of this.#trace.constants) {
      if (state.kind === "constant") values.push(state.random ?? state.value);
    }
    return values;
  }

  get imports(): Set<WgslFile> {
    return new Set(this.#trace.nodes.flatMap((node) => functionOf(node).fn.imports ?? []));
  }

  /** Whether nothing is computed: elements are loaded as they are. */
  get isPlain(): boolean {
    return this.#trace.nodes.length === 0;
  }

  /** The WGSL name of an array's value in `body`. */
  nameOf(array: NDArray): string {
    return this.#names.get(array)!;
  }

  /**
   * WGSL statements that compute every traced array and store the outputs.
   * @param linear - names of the linear indices, one per group
   */
  body(linear: readonly string[]): string {
    const { leaves, constants, nodes } = this.#trace;
    const { walks } = this.#space;
    const lines = this.#addresses.coordinates(linear);
    leaves.forEach((leaf, l) => {
      const raw = `${this.#bindings.nameOf(leaf)}[${this.#addresses.of(l)}]`;
      lines.push(`let ${this.nameOf(leaf)} = ${loaded(leaf.dtype, raw, this.width, walks[l]!.isVector)};`);
    });
    constants.forEach((constant, k) => {
      const value = constantValue(constant.dtype, `p.${this.#constantParam(k)}`, this.width);
      lines.push(`let ${this.nameOf(constant)} = ${value};`);
    });
    let walk = leaves.length + this.#outputs.length;
    for (const node of nodes) {
      const { fn, inputs } = functionOf(node);
      const args = inputs.map((input) => this.nameOf(input));
      const isOfFour = this.width === 4 && fn.wgslOfFour !== undefined && walks[walk]?.classes.endsWith("1") === true;
      if (fn.indexed) {
        const name = `i${walk}`;
        lines.push(`let ${name} = ${this.#addresses.index(walk++, isOfFour)};`);
        args.push(name);
      }
      lines.push(`let ${this.nameOf(node)} = ${computed(node, args, this.width, isOfFour)};`);
    }
    this.#outputs.forEach(({ array }, o) => {
      const place = this.#addresses.of(leaves.length + o);
      lines.push(`${this.#out}[${place}] = ${stored(array.dtype, this.nameOf(array), this.width)};`);
    });
    return lines.join("\n");
  }

  /** The function that a deferred kernel calls with each of its results, `acc`, and its row-major index. */
  epilogue(type: string, name = "epilogue"): string {
    return `fn ${name}(i: u32, acc: ${type}) {\n${this.body(["i"])}\n}`;
  }

  #constantParam(k: number): string {
    return `${this.#prefix}k${k}`;
  }

  #makeKey(anchor: NDArray | undefined): string {
    const { leaves, constants, nodes } = this.#trace;
    const parts = [`${this.width}`, this.#space.sizes.map((sizes) => sizes.length).join(",")];
    for (const { isVector, classes, offset } of this.#space.walks)
      parts.push((isVector ? "v" : "s") + classes + (offset === 0 ? "" : "+"));
    for (const leaf of leaves) parts.push(`${leaf.dtype}@${this.#bindings.nameOf(leaf)}`);
    for (const constant of constants) parts.push(constant.dtype);
    if (anchor !== undefined) parts.push(`acc:${anchor.dtype}`);
    for (const node of nodes) {
      const { fn, inputs } = functionOf(node);
      parts.push(`${fn.name}(${inputs.map((input) => this.nameOf(input))}):${node.dtype}`);
    }
    for (const { array } of this.#outputs) parts.push(`>${this.nameOf(array)}`);
    return parts.join(" ");
  }
}

/** WGSL names of traced arrays' values. */
function namesOf({ leaves, constants, nodes }: Trace, anchor: NDArray | undefined): Map<NDArray, string> {
  const names = new Map<NDArray, string>();
  leaves.forEach((leaf, l) => names.set(leaf, `x${l}`));
  constants.forEach((constant, k) => names.set(constant, `k${k}`));
  nodes.forEach((node, v) => names.set(node, `v${v}`));
  if (anchor !== undefined) names.set(anchor, "acc");
  return names;
}
