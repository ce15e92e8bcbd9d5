// Looking at the tape: as data, as text, as a graph for Graphviz.

import { formatShape } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { newestFirst } from "./graph.js";
import type { Variable } from "./variable.js";

/** One operation on the tape. */
export interface TapeEntry {
  /** Position on the tape: operations have higher numbers than those they depend on. */
  readonly seq: number;
  readonly op: string;
  /** Shapes of the results. */
  readonly shapes: readonly Shape[];
  readonly inputs: readonly TapeInput[];
}

/** Where an operand came from: an operation, a leaf (counted in order of appearance), or outside of the tape. */
export type TapeInput = { readonly shape: Shape } & (
  | { readonly kind: "op"; readonly seq: number }
  | { readonly kind: "leaf"; readonly leaf: number }
  | { readonly kind: "constant" }
);

/** The operations that backward() from this tensor would visit, in that order: newest first. */
export function tape({ variable }: Tensor): TapeEntry[] {
  if (variable === undefined) return [];
  const leaves = new Map<Variable, number>();
  return newestFirst([{ variable }]).map(({ seq, op, outputMetas, inputs, inputMetas }) => ({
    seq,
    op: op.name,
    shapes: outputMetas.map(({ shape }) => shape),
    inputs: inputs.map((input, i): TapeInput => {
      const { shape } = inputMetas[i]!;
      if (input === undefined) return { kind: "constant", shape };
      if (input.node !== undefined) return { kind: "op", seq: input.node.seq, shape };
      if (!leaves.has(input)) leaves.set(input, leaves.size);
      return { kind: "leaf", leaf: leaves.get(input)!, shape };
    }),
  }));
}

/** The tape as text, a line per operation: `#7 mul [3] <- #5 [3], leaf 0 [3]`. */
export function formatTape(tensor: Tensor): string {
  const source = (input: TapeInput): string => {
    const name = input.kind === "op" ? `#${input.seq}` : input.kind === "leaf" ? `leaf ${input.leaf}` : "constant";
    return `${name} ${formatShape(input.shape)}`;
  };
  return tape(tensor)
    .map(
      ({ seq, op, shapes, inputs }) => `#${seq} ${op} ${shapes.map(formatShape)} <- ${inputs.map(source).join(", ")}`,
    )
    .join("\n");
}

/** The tape in Graphviz's language; arrows go the way the values went. */
export function toGraphviz(tensor: Tensor): string {
  const lines = tape(tensor).flatMap(({ seq, op, shapes, inputs }) => [
    `  n${seq} [label="${op} ${shapes.map(formatShape)}"];`,
    ...inputs.flatMap((input) => {
      if (input.kind === "constant") return [];
      if (input.kind === "op") return [`  n${input.seq} -> n${seq};`];
      return [
        `  leaf${input.leaf} [shape=box, label="leaf ${input.leaf} ${formatShape(input.shape)}"];`,
        `  leaf${input.leaf} -> n${seq};`,
      ];
    }),
  ]);
  return `digraph tape {\n${[...new Set(lines)].join("\n")}\n}`;
}
