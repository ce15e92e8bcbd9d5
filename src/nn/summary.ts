// A model as a table.

import { noGrad } from "../autograd/modes.js";
import { describe } from "../core/check.js";
import type { DType } from "../core/dtype.js";
import { TapegradError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { zeros } from "../tensor/create.js";
import { Tensor } from "../tensor/tensor.js";
import type { Module } from "./module.js";

/** One module of a summary. */
export interface LayerSummary {
  /** The path in the model, "" for the model itself. */
  readonly name: string;
  readonly type: string;
  /** The path of the module that it is in. */
  readonly parent: string | undefined;
  /** Of its results in the last call, none if it was not called. */
  readonly outputShapes: readonly Shape[];
  /** Elements of its own parameters, without those of the modules inside and of those listed above. */
  readonly parameters: number;
  /** Multiplications with an addition that it does itself, in all calls; see Module.macs. */
  readonly macs: number;
  /** How often it was called. */
  readonly calls: number;
}

/** What summary() finds. Printing it gives the table. */
export interface Summary {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly macs: number;
  toString(): string;
}

/** Options of summary. */
export interface SummaryOptions {
  /** Of the inputs. Default "float32"; "int32" for indices, whose model sees zeros. */
  readonly dtype?: DType;
  /** Arguments of forward to take instead of zeros; the shape is not read then. */
  readonly inputs?: readonly unknown[];
}

/**
 * The layers of a model with their output shapes, parameters and multiply-accumulates, for an input of zeros:
 *
 *     console.log(`${summary(net, [1, 784])}`);
 *
 *     Layer         Output shape  Parameters     MACs
 *     Sequential    [1, 10]                -        -
 *       0: Linear   [1, 128]         100,480  100,352
 *       1: ReLU     [1, 128]               -        -
 *       2: Linear   [1, 10]            1,290    1,280
 *     Total: 101,770 parameters (101,770 trainable), 101,632 MACs
 *
 * Runs the model once, in eval mode and without gradients. MACs are those of matrix products and convolutions, as
 * Module.macs says.
 *
 * @param inputShape - with the batch; or a list of shapes, one for each argument of forward
 */
export function summary(
  model: Module,
  inputShape: Shape | readonly Shape[],
  { dtype = "float32", inputs }: SummaryOptions = {},
): Summary {
  const shapes = isList(inputShape) ? inputShape : [inputShape];
  const given = inputs ?? shapes.map((shape) => zeros(shape, { dtype }));
  const calls = watched(model, () => (model.forward as (...inputs: readonly unknown[]) => unknown)(...given));
  const seen = new Set<Tensor>();
  const modules = new Map(model.namedModules()); // with those that forward may have made
  const layers = Array.from(modules, ([name, module]): LayerSummary => {
    const own = module.parameters({ recurse: false }).filter((parameter) => !seen.has(parameter));
    for (const parameter of own) seen.add(parameter);
    return {
      name,
      type: module.constructor.name,
      parent: parentOf(name, modules),
      parameters: own.reduce((sum, parameter) => sum + parameter.numel(), 0),
      ...(calls.get(module) ?? { outputShapes: [], macs: 0, calls: 0 }),
    };
  });
  const parameters = [...seen];
  const total = (tensors: readonly Tensor[]): number => tensors.reduce((sum, tensor) => sum + tensor.numel(), 0);
  const found = {
    layers,
    parameters: total(parameters),
    trainableParameters: total(parameters.filter(({ requiresGrad }) => requiresGrad)),
    macs: layers.reduce((sum, { macs }) => sum + macs, 0),
  };
  return { ...found, toString: () => table(found) };
}

/** The longest path above that is a module's: fields may hold arrays of modules, too. */
function parentOf(name: string, modules: ReadonlyMap<string, Module>): string | undefined {
  if (name === "") return undefined;
  const parts = name.split(".");
  for (let length = parts.length - 1; length > 0; length--) {
    const path = parts.slice(0, length).join(".");
    if (modules.has(path)) return path;
  }
  return "";
}

type Calls = Pick<LayerSummary, "outputShapes" | "macs" | "calls">;

/** What each module of the model did while `run` called it. */
function watched(model: Module, run: () => unknown): ReadonlyMap<Module, Calls> {
  const calls = new Map<Module, Calls>();
  const modules = model.modules();
  const modes = modules.map(({ training }) => training);
  const hooks = modules.map((module) =>
    module.registerForwardHook((_, inputs, output) => {
      const before = calls.get(module) ?? { macs: 0, calls: 0 };
      const macs = before.macs + module.macs(inputs, output);
      calls.set(module, { outputShapes: shapesIn(output), macs, calls: before.calls + 1 });
    }),
  );
  try {
    model.eval();
    noGrad(run);
    return calls;
  } finally {
    for (const hook of hooks) hook.remove();
    for (const [i, module] of modules.entries()) module.training = modes[i]!;
  }
}

function shapesIn(output: unknown): Shape[] {
  if (output instanceof Tensor) return [output.shape];
  return Array.isArray(output) ? output.flatMap(shapesIn) : [];
}

function isList(shape: Shape | readonly Shape[]): shape is readonly Shape[] {
  if (!Array.isArray(shape)) throw new TapegradError("summary", `takes the shape of an input, got ${describe(shape)}`);
  return shape.length > 0 && shape.every(Array.isArray);
}

function table({ layers, parameters, trainableParameters, macs }: Omit<Summary, "toString">): string {
  const rows = [["Layer", "Output shape", "Parameters", "MACs"], ...layers.map(rowOf)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    return cells.join("  ").trimEnd();
  });
  const trainable = `${written(trainableParameters)} trainable`;
  return [...lines, `Total: ${written(parameters)} parameters (${trainable}), ${written(macs)} MACs`].join("\n");
}

function rowOf(layer: LayerSummary, _: number, layers: readonly LayerSummary[]): string[] {
  const { name, parent, type, outputShapes, parameters, macs, calls } = layer;
  const within = parent === undefined || parent === "" ? name : name.slice(parent.length + 1);
  const label = parent === undefined ? type : `${"  ".repeat(depthOf(layer, layers))}${within}: ${type}`;
  const shapes = outputShapes.map((shape) => `[${shape.join(", ")}]`).join(", ");
  const output = calls > 1 ? `${shapes} (${calls} times)` : shapes;
  return [label, output || "-", parameters === 0 ? "-" : written(parameters), macs === 0 ? "-" : written(macs)];
}

function depthOf({ parent }: LayerSummary, layers: readonly LayerSummary[]): number {
  const above = layers.find(({ name }) => name === parent);
  return above === undefined ? 0 : 1 + depthOf(above, layers);
}

/** 1234567 as "1,234,567", whatever the machine's language. */
function written(count: number): string {
  return count.toLocaleString("en-US");
}
