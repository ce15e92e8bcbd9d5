// PyTorch's functions, methods and modules by tapegrad's: required arguments by position, optional ones in a trailing
// object, names in camelCase.

import * as tg from "tapegrad";
import { camelCase } from "../values.js";
import { arranged } from "./arguments.js";
import { binary } from "./arithmetic.js";
import { type Callable, FORWARD } from "./signatures.js";

type Named = Readonly<Record<string, unknown>>;
type AnyFunction = (...args: readonly unknown[]) => unknown;

/** torch, nn, F and others: their members are found by name. */
export class Namespace {
  constructor(
    readonly name: string,
    readonly of: Named,
  ) {}
}

const F = new Namespace("F", tg.F);
const nn = new Namespace("nn", { ...tg.nn, functional: F });
const DTYPES = { bool: "bool", float: "float32", float32: "float32", int: "int32", int32: "int32" };
/** Functions of torch itself are looked up as methods of their first argument, then in tapegrad. */
const torch = new Namespace("torch", {
  ...{ ...DTYPES, long: "int32", int64: "int32" }, // int64 comes as int32 in the files
  nn,
  autograd: new Namespace("autograd", tg.autograd as unknown as Named),
  pi: Math.PI,
  inf: Number.POSITIVE_INFINITY,
});

/** What a source can name without having defined it. */
export const GLOBALS: Named = {
  torch,
  nn,
  F,
  super: (() => new Namespace("super", { __init__: () => null })) satisfies Callable,
  range: ((args) => {
    const [from, to, step = 1] = (args.length === 1 ? [0, ...args] : args) as [number, number, number?];
    return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
  }) satisfies Callable,
  len: (([list]) => (list instanceof tg.Tensor ? list.shape[0] : [...(list as unknown[])].length)) satisfies Callable,
  enumerate: (([list]) => [...(list as unknown[])].map((value, i) => [i, value])) satisfies Callable,
  zip: (([first, ...others]) =>
    [...(first as unknown[])].map((value, i) => [
      value,
      ...others.map((other) => [...(other as unknown[])][i]),
    ])) satisfies Callable,
  list: (([values = []]) => [...(values as unknown[])]) satisfies Callable,
  tuple: (([values = []]) => [...(values as unknown[])]) satisfies Callable,
  reversed: (([values]) => [...(values as unknown[])].reverse()) satisfies Callable,
  sum: (([values, start = 0]) =>
    [...(values as unknown[])].reduce((a, b) => binary("+", a, b), start)) satisfies Callable,
  int: (([value]) => Math.trunc(value as number)) satisfies Callable,
  // A tensor's value is known later: what stands for it is the tensor, without its history.
  float: (([value]) => (value instanceof tg.Tensor ? value.detach() : Number(value))) satisfies Callable,
};

/** A member of what is not a list or a dictionary; undefined where there is none. */
export function attribute(owner: unknown, name: string): unknown {
  if (owner instanceof Namespace) return memberOf(owner, name);
  if (owner instanceof tg.Tensor) return tensorMember(owner, name);
  if (!(owner instanceof tg.nn.Module)) return undefined;
  const method = owner instanceof Interpreted ? owner.method(name) : undefined;
  if (method !== undefined) return method;
  const own = owner as unknown as Named;
  if (owner instanceof Interpreted && Object.hasOwn(own, name)) return own[name];
  const found = own[name] ?? own[camelCase(name)];
  return typeof found === "function" ? called(`${owner.constructor.name}.${name}`, found.bind(owner)) : found;
}

/** A module whose class the source defines. */
export class Interpreted extends tg.nn.Module {
  readonly #methods: Readonly<Record<string, unknown>>;

  /** @param methods - the class's own, which take the module first */
  constructor(methods: Readonly<Record<string, unknown>>) {
    super();
    this.#methods = methods;
  }

  method(name: string): Callable | undefined {
    const found = Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
    return typeof found === "function" ? (args, named) => (found as Callable)([this, ...args], named) : undefined;
  }

  /** As other modules call it. */
  forward(...args: readonly unknown[]): unknown {
    return callable(this)!(args, {});
  }
}

function memberOf({ name: space, of }: Namespace, name: string): unknown {
  const found = of[name] ?? of[camelCase(name)];
  if (typeof found === "function" && /^[A-Z]/.test(name))
    return constructed(name, found as new (...args: unknown[]) => object);
  if (typeof found === "function") return called(name, found as AnyFunction);
  if (found !== undefined || space !== "torch") return found;
  const free = (tg as Named)[camelCase(name)];
  return (([first, ...others], named) => {
    const { input, ...rest } = named;
    const self = first ?? input;
    if (self instanceof tg.Tensor) {
      const method = tensorMember(self, name);
      if (typeof method === "function") return (method as Callable)(others, rest);
    }
    if (typeof free !== "function") throw new Error(`the source uses torch.${name}, which is not known here`);
    return called(name, free as AnyFunction)(first === undefined ? [] : [first, ...others], named);
  }) satisfies Callable;
}

function tensorMember(x: tg.Tensor, name: string): unknown {
  if (name === "size") return (([dim]) => (dim === undefined ? x.shape : x.shape.at(dim as number))) satisfies Callable;
  if (name === "dim") return () => x.ndim;
  if (name === "item") return () => x.detach(); // as float()
  const own = x as unknown as Named;
  const found = own[name] ?? own[camelCase(name)];
  return typeof found === "function" ? called(name, found.bind(x), true) : found;
}

/** @param isMethod - whether the signature's first parameter is what the method belongs to */
function called(name: string, own: AnyFunction, isMethod = false): Callable {
  return (args, named) => {
    if (name === "grad" && args.length > 1 && args[1] instanceof tg.Tensor) {
      return called(name, own)([args[0], [args[1]], ...args.slice(2)], named);
    }
    const result = own(...arranged(name, args, named, isMethod));
    const isPair = typeof result === "object" && result !== null && "values" in result && "indices" in result;
    return isPair && !Array.isArray(result) ? [result.values, result.indices] : result; // a tuple in Python
  };
}

function constructed(name: string, Own: new (...args: unknown[]) => object): Callable {
  return (args, named) => new Own(...arranged(name, args, named, false));
}

/** What calling a value does: a module's forward; undefined where it cannot be called. */
export function callable(value: unknown): Callable | undefined {
  if (value instanceof Interpreted) return value.method("forward");
  if (!(value instanceof tg.nn.Module)) return typeof value === "function" ? (value as Callable) : undefined;
  const run: AnyFunction = value.forward.bind(value) as AnyFunction;
  return (args, named) => run(...arranged(FORWARD[value.constructor.name] ?? "forward", args, named, false));
}
