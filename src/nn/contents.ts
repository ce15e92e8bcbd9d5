// What a module is made of, by name.

import { TapegradError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { distinct, membersIn } from "./members.js";
import { Mode } from "./mode.js";
import type { Module } from "./module.js";
import { Buffer, Parameter } from "./parameter.js";

/** Whether modules inside count too. Default true. */
export interface RecurseOptions {
  readonly recurse?: boolean;
}

/** The part of a module that finds parameters, buffers and other modules in its fields. */
export abstract class Contents extends Mode {
  /** Nothing but Module extends this class. */
  get #module(): Module {
    return this as unknown as Module;
  }

  /** The name a field has in state dicts; PyTorch's where that is not the field's own. */
  protected stateName(field: string): string {
    return field;
  }

  /** The values in which what the module is made of is looked for, by their names in state dicts. */
  protected fields(): Iterable<[name: string, value: unknown]> {
    return Object.entries(this).map(([field, value]) => [this.stateName(field), value]);
  }

  /** What the fields hold, elements of arrays one by one. */
  *#members(): Generator<[name: string, value: Parameter | Buffer | Module]> {
    for (const [path, value] of this.fields()) {
      yield* membersIn(value, this.constructor.name, isMember, { path, around: [] });
    }
  }

  /** Modules directly inside this one, by name. */
  *namedChildren(): Generator<[string, Module]> {
    for (const [name, value] of this.#members()) if (value instanceof Contents) yield [name, value];
  }

  children(): Module[] {
    return Array.from(this.namedChildren(), ([, child]) => child);
  }

  /** This module and all inside it, by path; each once. */
  *namedModules(prefix = "", seen = new Set<Module>()): Generator<[string, Module]> {
    if (seen.has(this.#module)) return;
    seen.add(this.#module);
    yield [prefix, this.#module];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  /** The same, each as often as it has a path; circles end at a module that is open around. */
  *#places(prefix = "", around: readonly Contents[] = []): Generator<[string, Module]> {
    if (around.includes(this)) return;
    yield [prefix, this.#module];
    for (const [name, child] of this.namedChildren()) yield* child.#places(join(prefix, name), [...around, this]);
  }

  modules(): Module[] {
    return Array.from(this.namedModules(), ([, module]) => module);
  }

  /** All parameters by path; one that is used in several places is listed once. */
  *namedParameters(options?: RecurseOptions): Generator<[string, Parameter]> {
    yield* distinct(this.named((value) => value instanceof Parameter, options));
  }

  parameters(options?: RecurseOptions): Parameter[] {
    return Array.from(this.namedParameters(options), ([, parameter]) => parameter);
  }

  *namedBuffers(options?: RecurseOptions): Generator<[string, Buffer]> {
    yield* distinct(this.named((value) => value instanceof Buffer, options));
  }

  buffers(options?: RecurseOptions): Buffer[] {
    return Array.from(this.namedBuffers(options), ([, buffer]) => buffer);
  }

  /** The module at a path such as "encoder.0"; "" is this one. Throws if there is none. */
  getSubmodule(path: string): Module {
    for (const [name, module] of this.#places()) if (name === path) return module;
    throw new TapegradError(this.constructor.name, `there is no module "${path}"`);
  }

  /** The parameter at a path such as "encoder.0.weight". Throws if there is none. */
  getParameter(path: string): Parameter {
    for (const [name, parameter] of this.named((value) => value instanceof Parameter))
      if (name === path) return parameter;
    throw new TapegradError(this.constructor.name, `there is no parameter "${path}"`);
  }

  /** The tensors of a kind by path, under each of their names: several if a module around them is used twice. */
  protected *named<T extends Tensor>(
    isWanted: (value: unknown) => value is T,
    { recurse = true }: RecurseOptions = {},
  ): Generator<[string, T]> {
    const modules: Iterable<[string, Module]> = recurse ? this.#places() : [["", this.#module]];
    for (const [path, module] of modules) {
      for (const [name, value] of module.#members()) if (isWanted(value)) yield [join(path, name), value];
    }
  }
}

function isMember(value: unknown): value is Parameter | Buffer | Module {
  return value instanceof Parameter || value instanceof Buffer || value instanceof Contents;
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
