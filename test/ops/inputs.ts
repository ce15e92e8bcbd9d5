// Inputs of the rows: the same numbers here and in PyTorch.

import { slice, type Tensor, tensor } from "../../src/index.js";
import type { InputSpec, Row } from "./rows.js";

/** The numbers of an input, in row-major order of its logical shape; distinct and spread out where they are floats. */
export function valuesOf({ shape, kind = "float", low = -2, high = 2, values }: InputSpec, salt: number): number[] {
  if (values !== undefined) return [...values];
  const count = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => {
    const t = ((i + 1) * 0.6180339887 + salt * 0.37) % 1; // the golden ratio's multiples fill [0, 1) evenly
    if (kind === "bool") return Number(t < 0.5);
    if (kind === "int") return Math.floor(low + t * (high - low));
    return Math.fround(low + t * (high - low));
  });
}

export function isDifferentiable({ kind = "float", differentiable = kind === "float" }: InputSpec): boolean {
  return differentiable;
}

/** Whether the row's derivatives are checked against central differences, which large inputs would make slow. */
export function meetsDifferences({ inputs, atKink = false }: Row): boolean {
  const specs = Object.values(inputs);
  const isSmall = specs.every(({ shape }) => shape.reduce((a, b) => a * b, 1) <= 80);
  return isSmall && specs.some(isDifferentiable) && !atKink;
}

/** The input as a leaf, and what the op is to be given: the leaf or a view of it. */
export function makeInput(spec: InputSpec, values: readonly number[]): { leaf: Tensor; input: Tensor } {
  const { shape, kind = "float", view } = spec;
  const dtype = kind === "float" ? "float32" : kind === "int" ? "int32" : "bool";
  const flat = (data: readonly number[], of: readonly number[]): Tensor => tensor(data, { dtype }).reshape(of).detach();
  const leaf = ((): Tensor => {
    if (view === "transposed") {
      const [rows, columns] = shape as [number, number];
      const turned = Array.from(
        { length: values.length },
        (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
      );
      return flat(turned, [columns, rows]);
    }
    return view === "strided"
      ? flat(
          values.flatMap((value) => [value, 99]),
          [values.length * 2],
        )
      : flat(values, shape);
  })();
  if (isDifferentiable(spec)) leaf.requiresGrad_();
  const input = view === "transposed" ? leaf.T : view === "strided" ? leaf.index(slice(null, null, 2)) : leaf;
  return { leaf, input };
}

/** All inputs of a row. */
export function makeInputs(
  row: Row,
  override: Readonly<Record<string, readonly number[]>> = {},
): { leaves: Record<string, Tensor>; inputs: Record<string, Tensor> } {
  const leaves: Record<string, Tensor> = {};
  const inputs: Record<string, Tensor> = {};
  Object.entries(row.inputs).forEach(([name, spec], salt) => {
    const { leaf, input } = makeInput(spec, override[name] ?? valuesOf(spec, salt));
    leaves[name] = leaf;
    inputs[name] = input;
  });
  return { leaves, inputs };
}

/** dL/dy to start backward from; scripts/goldens.py has the same formula. */
export function cotangent(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.cos(0.9 * i + 0.3)));
}
