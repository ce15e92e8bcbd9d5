// Layers that are a function and its options.

import { isTensor } from "../core/check.js";
import { checkOptions } from "../core/options.js";
import { Module } from "./module.js";

/** A module that keeps the options it was made with. Printing it lists them. */
export abstract class Configured<Options extends object = object> extends Module {
  /** @internal The names of the options, where others are refused. */
  protected get known(): readonly string[] | undefined {
    return undefined; // a static field in its place would keep bundlers from leaving the class out
  }

  readonly options: Options;

  constructor(options?: Options | null) {
    super();
    this.options = checkOptions<Options>(this.constructor.name, options, this.known as (keyof Options & string)[]);
  }

  protected override extraRepr(): string {
    return listed(this.options);
  }
}

/** @internal "stride=2, padding=[1, 0]": options as modules print them. */
export function listed(options: object): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && !isTensor(value))
    .map(([name, value]) => `${name}=${written(value)}`)
    .join(", ");
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  return typeof value === "object" && value !== null ? value.constructor.name : String(value);
}
