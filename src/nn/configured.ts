// Layers that are a function and its options.

import { isTensor } from "../core/check.js";
import { checkOptions } from "../core/options.js";
import { Module } from "./module.js";

/** A module that keeps the options it was made with. Printing it lists them. */
export abstract class Configured<Options extends object = object> extends Module {
  /** @internal The names of the options, where others are refused. */
  protected static readonly known: readonly string[] | undefined = undefined;
  readonly options: Options;

  constructor(options?: Options | null) {
    super();
    const { name, known } = this.constructor as typeof Configured;
    this.options = checkOptions(name, options, known as readonly (keyof Options & string)[] | undefined);
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
