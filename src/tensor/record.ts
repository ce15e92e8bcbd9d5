// Recording on the tape what was computed.

import { assertNoInference, isGradEnabled } from "../autograd/modes.js";
import { Node } from "../autograd/node.js";
import type { Meta, Op } from "../autograd/op.js";
import type { Saved } from "../autograd/recomputation.js";
import { assertHistory } from "../autograd/sharing.js";
import type { Variable } from "../autograd/variable.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import type { Tensor } from "./tensor.js";
import { type ChangedPart, onPart } from "./view-history.js";

/** The first operand, where an op changes it in place. */
export interface Target {
  readonly array: NDArray;
  /** What it is of its base, if it is a view. */
  readonly changed: ChangedPart | undefined;
}

/** A node for the op, if there is anything to differentiate; it saves the inputs before they can change. */
export function record<Attributes>(
  op: Op<Attributes>,
  tensors: readonly Tensor[],
  inputs: readonly NDArray[],
  attributes: Attributes,
  metas: readonly Meta[],
  target: Target | undefined,
): Node | undefined {
  if (op.backward === undefined || !isGradEnabled()) return undefined;
  for (const tensor of tensors) assertHistory(op.name, tensor);
  if (!tensors.some((tensor) => tensor.requiresGrad)) return undefined;
  const saves = op.saves(tensors.map((tensor) => tensor.requiresGrad));
  const saved: Saved[] = [];
  op.inputs?.forEach((name, i) => {
    if (!saves.includes(name)) return;
    assertNoInference(op.name, tensors[i]!);
    const array = target?.array.sharesMemory(inputs[i]!) ? copyOf(inputs[i]!) : inputs[i]!.retain();
    saved.push({ name, array, version: array.version, variable: tensors[i]!.variable });
  });
  const variables = tensors.map(({ variable }) => variable);
  const inputMetas = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  const node =
    target?.changed === undefined
      ? new Node(op as Op, attributes, variables, inputMetas, metas, saved)
      : nodeOfBase(op, attributes, variables, inputMetas, metas, saved, target.changed);
  for (const { array } of saved) array.release();
  return node;
}

/** A node for a change of a view: what the op does to a part of its base. */
function nodeOfBase<Attributes>(
  op: Op<Attributes>,
  attributes: Attributes,
  [_, ...variables]: readonly (Variable | undefined)[],
  [own, ...metas]: readonly Meta[],
  [result]: readonly Meta[],
  saved: readonly Saved[],
  { base, part }: ChangedPart,
): Node {
  const whole = { shape: base.shape, dtype: base.dtype };
  const onBase = onPart(op, part, own!, result!) as Op;
  return new Node(onBase, attributes, [base.variable, ...variables], [whole, ...metas], [whole], saved);
}

/** The elements as they are before a change in place. */
function copyOf(array: NDArray): NDArray {
  return NDArray.pointwise(functions.identity, array.dtype, array.shape, [array]);
}

/** Lets the node save what the op computed, and lets go of extras nobody else needs. */
export function saveResults<Attributes>(
  op: Op<Attributes>,
  node: Node | undefined,
  outputs: readonly NDArray[],
  extras: Readonly<Record<string, NDArray>>,
  variables: readonly (Variable | undefined)[],
): void {
  const saves = node === undefined ? [] : op.saves(node.inputs.map((input) => input !== undefined));
  outputs.forEach((array, i) => {
    const name = op.outputs[i]!;
    if (saves.includes(name)) node?.save({ name, array, version: array.version, variable: variables[i] });
  });
  for (const [name, array] of Object.entries(extras)) {
    node?.save({ name, array, version: array.version, variable: undefined });
    array.release();
  }
}
