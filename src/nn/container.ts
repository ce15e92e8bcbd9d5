// Modules made of modules, one after another.

import { describe } from "../core/check.js";
import { OutOfRangeError, TapegradError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** A module from one tensor to one tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/**
 * @internal Members that are fields named by position, which is their name in state dicts ("0.weight").
 * @typeParam Given - what members are made of
 */
export abstract class Members<Member extends Given, Given extends object = Member> extends Module {
  [position: number]: Member;

  get length(): number {
    return this.members().length;
  }

  /** Adds a member at the end. */
  append(member: Given): this {
    this[(this.#positions().at(-1) ?? -1) + 1] = this.accepted(member);
    return this;
  }

  /** Adds members at the end. */
  extend(members: Iterable<Given>): this {
    for (const member of [...members]) this.append(member);
    return this;
  }

  /** Puts a member before the one at a position, which may be counted from the end: -1 is the last. */
  insert(position: number, member: Given): this {
    const members = this.members();
    if (!(position >= -members.length && position <= members.length)) {
      const problem = `position ${position} is out of range for ${members.length} members`;
      throw new OutOfRangeError(this.constructor.name, problem);
    }
    const all = members.toSpliced(position, 0, this.accepted(member));
    for (const at of this.#positions()) delete this[at];
    return this.extend(all);
  }

  /** The member at a position, which may be counted from the end: -1 is the last. */
  at(position: number): Member {
    const members = this.members();
    const found = members.at(position);
    if (found !== undefined) return found;
    const problem = `position ${position} is out of range for ${members.length} members`;
    throw new OutOfRangeError(this.constructor.name, problem);
  }

  *[Symbol.iterator](): IterableIterator<Member> {
    yield* this.members();
  }

  /** The members in their order. */
  protected members(): Member[] {
    return this.#positions().map((at) => this[at]!);
  }

  /** The member as it is kept; throws if it cannot be one. */
  protected abstract accepted(member: Given): Member;

  /** JavaScript lists fields named by numbers in ascending order. */
  #positions(): number[] {
    return Object.keys(this)
      .filter((field) => /^\d+$/.test(field))
      .map(Number);
  }
}

/** @internal Throws unless the value is a module. */
export function checkModule<M extends Module>(op: string, value: M): M {
  if (value instanceof Module) return value;
  const problem = `takes modules, got ${describe(value)}`;
  throw new TapegradError(op, Array.isArray(value) ? `${problem}: spread it, new nn.${op}(...layers)` : problem);
}

/**
 * Layers one after another. They are fields named by position, which is their name in state dicts ("0.weight"), and may be
 * replaced there; or they have names, as in PyTorch's OrderedDict:
 *
 *     net[2] = new nn.Linear(84, 5);
 *     const named = new nn.Sequential({ encoder: new nn.Linear(784, 32), decoder: new nn.Linear(32, 784) }); // encoder.weight
 *
 * JavaScript lists numbers before names, so layers that are appended to named ones come first.
 */
export class Sequential extends Members<Layer> {
  constructor(layers: Readonly<Record<string, Layer>>);
  constructor(...layers: readonly Layer[]);
  constructor(...layers: readonly (Layer | Readonly<Record<string, Layer>>)[]) {
    super();
    const [first] = layers;
    if (layers.length === 1 && isOptions<Readonly<Record<string, Layer>>>(first)) this.#name(first);
    else this.extend(layers as readonly Layer[]);
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const layer of this) y = layer.forward(y);
    return y;
  }

  /** All fields that are modules, in their order. */
  protected override members(): Layer[] {
    return Object.values(this).filter((value): value is Layer => value instanceof Module);
  }

  protected override accepted(layer: Layer): Layer {
    return checkModule("Sequential", layer);
  }

  #name(layers: Readonly<Record<string, Layer>>): void {
    for (const [name, layer] of Object.entries(layers)) {
      if (name in this) throw new TapegradError("Sequential", `a layer cannot be called "${name}", which is a member`);
      if (name === "" || name.includes("."))
        throw new TapegradError("Sequential", `a layer's name must not be empty or have a dot, got "${name}"`);
      Object.assign(this, { [name]: this.accepted(layer) });
    }
  }
}

/** Modules in a list: `for (const layer of this.layers) x = layer.forward(x)`. Their names are their positions. */
export class ModuleList<M extends Module = Module> extends Members<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  forward(): never {
    throw new TapegradError("ModuleList", "has no forward of its own; call that of each module in it");
  }

  protected override accepted(module: M): M {
    return checkModule("ModuleList", module);
  }
}
