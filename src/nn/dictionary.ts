// Modules and parameters by name.

import { describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkModule } from "./container.js";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";
import { parameterOf } from "./parameter-list.js";

/** Members by name: an object, or pairs as a Map has them. */
export type Named<Member> = Readonly<Record<string, Member>> | Iterable<readonly [string, Member]>;

abstract class Dictionary<Given extends object, Member extends Given> extends Module {
  readonly #members = new Map<string, Member>(); // not in fields, where a name could be that of a method

  get size(): number {
    return this.#members.size;
  }

  /** The member of that name; throws if there is none. */
  get(name: string): Member {
    const found = this.#members.get(name);
    if (found !== undefined) return found;
    const known = [...this.#members.keys()].map(describe).join(", ") || "none";
    throw new TapegradError(this.constructor.name, `there is no ${describe(name)}; there are: ${known}`);
  }

  /** Adds a member, or replaces the one of that name. */
  set(name: string, member: Given): this {
    if (typeof name !== "string" || name === "" || name.includes(".")) {
      const problem = `a name must be a string, not empty and without a dot, got ${describe(name)}`;
      throw new TapegradError(this.constructor.name, problem);
    }
    this.#members.set(name, this.accepted(member));
    return this;
  }

  /** Adds or replaces several members. */
  update(members: Named<Given>): this {
    const pairs = isOptions<Readonly<Record<string, Given>>>(members) ? Object.entries(members) : members;
    for (const [name, member] of pairs as Iterable<readonly [string, Given]>) this.set(name, member);
    return this;
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Removes a member; says whether there was one. */
  delete(name: string): boolean {
    return this.#members.delete(name);
  }

  /** Removes a member and returns it; throws if there is none. */
  pop(name: string): Member {
    const member = this.get(name);
    this.#members.delete(name);
    return member;
  }

  clear(): void {
    this.#members.clear();
  }

  keys(): IterableIterator<string> {
    return this.#members.keys();
  }

  values(): IterableIterator<Member> {
    return this.#members.values();
  }

  entries(): IterableIterator<[string, Member]> {
    return this.#members.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, Member]> {
    return this.entries();
  }

  forward(): never {
    throw new TapegradError(this.constructor.name, "has no forward of its own; use what is in it");
  }

  protected override fields(): Iterable<[string, unknown]> {
    return this.#members;
  }

  /** The member as it is kept; throws if it cannot be one. */
  protected abstract accepted(member: Given): Member;
}

/** Modules by name: `this.heads.get("policy").forward(x)`. State dicts have those names ("heads.policy.weight"). */
export class ModuleDict<M extends Module = Module> extends Dictionary<M, M> {
  constructor(modules: Named<M> = {}) {
    super();
    this.update(modules);
  }

  protected override accepted(module: M): M {
    return checkModule("ModuleDict", module);
  }
}

/** Parameters by name. Tensors become parameters. */
export class ParameterDict extends Dictionary<Tensor, Parameter> {
  constructor(parameters: Named<Tensor> = {}) {
    super();
    this.update(parameters);
  }

  protected override accepted(tensor: Tensor): Parameter {
    return parameterOf("ParameterDict", tensor);
  }

  protected override extraRepr(): string {
    return Array.from(this, ([name, { shape }]) => `${name}: [${shape.join(", ")}]`).join(", ");
  }
}
