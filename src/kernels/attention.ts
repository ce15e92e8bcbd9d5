// Scaled dot-product attention and its gradients, without the matrix of weights in memory.

import { dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { dropoutParams } from "./attention-dropout.js";
import { type AttentionAttributes, planOf } from "./attention-kernel.js";
import { attentionFamilyOf } from "./attention-variants.js";
import { type Block, emptyLike, Walk } from "./attention-walk.js";
import { kernelSource } from "./source.js";
import { chooseVariant } from "./variants/choice.js";
import attentionDeltaWgsl from "./wgsl/attention-delta.js";

export interface AttentionOperands {
  readonly query: NDArray; // [..., L, E]
  readonly key: NDArray; // [..., S, E]
  readonly value: NDArray; // [..., S, V]
  readonly mask: NDArray; // broadcasts to [..., L, S]
}

const plain: AttentionAttributes = { scale: 1, isCausal: false, mask: "none" };

export const attentionFamily = attentionFamilyOf((query, key, value) => {
  return attention({ query, key, value, mask: NDArray.constant(0, "float32") }, plain).output;
});

const DELTA_LANES = 64; // WORKGROUP_SIZE of attention-delta.wgsl

/** The largest V: a lane holds results in registers. */
export const MAX_VALUE_SIZE = 128;

/**
 * softmax(scale query key^T + mask) value, with dropout of the softmax if there is any, for sizes E and V that are multiples of 4.
 * @returns the output [..., L, V], in the order of query's memory, and statistics for the gradients, [2, ..., L]
 */
export function attention(
  { query, key, value, mask }: AttentionOperands,
  attributes: AttentionAttributes,
): { output: NDArray; stats: NDArray } {
  const { device, dtype } = query;
  const lead = query.shape.slice(0, -2);
  const [L, S, V] = [query.shape.at(-2)!, key.shape.at(-2)!, value.shape.at(-1)!];
  const output = emptyLike(query, [...lead, L, V]);
  const stats = NDArray.empty("float32", [2, ...lead, L], device);
  const walk = new Walk(lead, [L, S], [query, key, value, output], mask);
  const { constants } = chooseVariant(device, attentionFamily, "any");
  const plan = planOf(device, dtype, V, attributes, constants, "attention");
  const [groups, heads] = walk.sizes(L, constants.rows) as [number, number];
  const params = [
    groups,
    heads,
    ...[L, S, query.shape.at(-1)! / 4, V / 4, Number(attributes.isCausal), attributes.scale, Number.NEGATIVE_INFINITY],
    ...walk.places(0, 1, 2, 3),
    ...walk.maskPlaces(attributes, false),
    ...dropoutParams(attributes.dropout),
  ];
  const blocks = [...walk.blocks(0, 1, 2, 3), stats.block, ...walk.maskBlocks(attributes)];
  device.launch(plan.kernel, params, blocks, plan.workgroups(groups));
  return { output, stats };
}

/** Gradients of `attention` for query, key and value, from that of its output. */
export function attentionGradients(
  { query, key, value, mask }: AttentionOperands,
  output: NDArray,
  stats: NDArray,
  dy: NDArray,
  attributes: AttentionAttributes,
): [dq: NDArray, dk: NDArray, dv: NDArray] {
  const { device, dtype, shape } = query;
  const lead = shape.slice(0, -2);
  const [L, E] = shape.slice(-2) as [number, number];
  const [S, V] = value.shape.slice(-2) as [number, number];
  const gradients = [emptyLike(query, shape), emptyLike(key, key.shape), emptyLike(value, value.shape)] as const;
  const walk = new Walk(lead, [L, S], [query, key, value, dy, ...gradients, output], mask);
  const [batches, heads] = walk.sizes(1, 1) as [number, number];
  const delta = device.kernel(`attention delta ${dtype}`, () => {
    return kernelSource(attentionDeltaWgsl, { variant: dtype, types: { S: dtypes[dtype].stored } });
  });
  const deltaParams = [batches, heads, L, V / 4, numel(stats.shape) / 2, ...walk.places(7, 3)];
  device.launch(delta, deltaParams, [...walk.blocks(7, 3), stats.block], Math.ceil((batches * L) / DELTA_LANES));

  const { constants } = chooseVariant(device, attentionFamily, "any");
  const [q, k, v, d] = [0, 1, 2, 3];
  const launch = (places: readonly number[], width: number, isByQuery: boolean, hasDots: boolean): void => {
    const [rows, columns] = isByQuery ? [L, S] : [S, L];
    const plan = planOf(device, dtype, width, attributes, constants, "attention-gradient");
    const reach = attributes.isCausal ? (isByQuery ? 1 : 2) : 0;
    const [groups, heads] = walk.sizes(rows, constants.rows) as [number, number];
    const params = [
      groups,
      heads,
      ...[rows, columns, E / 4, V / 4, width / 4, reach, attributes.scale, Number.NEGATIVE_INFINITY],
      ...[Number(hasDots), Number(isByQuery), L, numel(stats.shape) / 2],
      ...walk.places(...places),
      ...walk.maskPlaces(attributes, !isByQuery),
      ...dropoutParams(attributes.dropout),
    ];
    const [a, b, c, dd, m, y] = walk.blocks(...places) as [Block, Block, Block, Block, Block, Block];
    const blocks = [a, b, c, dd, m, stats.block, y, ...walk.maskBlocks(attributes)];
    device.launch(plan.kernel, params, blocks, plan.workgroups(groups));
  };
  launch([k, q, v, d, d, 6], V, false, false);
  launch([k, q, v, d, q, 5], E, false, true);
  launch([q, k, d, v, k, 4], E, true, true);
  return [...gradients];
}
