// Layers that are a function and its options.

import { describe, isTensor } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import { Module } from "./module.js";

/** A module that keeps the options it was made with. Printing it lists them. */
export abstract class Configured<Options extends object = object> extends Module {
  readonly options: Options;

  constructor(options?: Options | null) {
    super();
    this.options = checkOptions(this.constructor.name, options);
  }

  protected override extraRepr(): string {
    return listed(this.options);
  }
}

/**
 * @internal The options, or none. Throws if something else was given, such as a second size by position.
 * @param known - the names that there are, if others are refused
 */
export function checkOptions<Options extends object>(
  op: string,
  options: Options | null | undefined,
  known?: readonly (keyof Options & string)[],
): Options {
  if (options === undefined || options === null) return {} as Options; // all options are optional
  if (isOptions<Options>(options)) {
    const unknown = known && Object.keys(options).find((name) => !(known as readonly string[]).includes(name));
    if (unknown === undefined) return options;
    throw new TapegradError(op, `there is no option ${describe(unknown)}; there are ${known!.join(", ")}`);
  }
  throw new TapegradError(
    op,
    `takes optional arguments in an object, such as { name: value }, got ${describe(options)}`,
  );
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
