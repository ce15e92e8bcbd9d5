// Causal attention in float32, B4 H4 T256 D64, and the embedding's gradient with heavy repeats.

import { F } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import type { Tfjs, TfTensor } from "../peers/tfjs-types.js";
import { integers, normal, permuted, sizeOf } from "./random.js";
import { leaf, shaped } from "./tensors.js";
import type { Workload } from "./workload.js";

const SHAPE = [4, 4, 256, 64] as const; // [B, H, T, D]
const [B, H, T, D] = SHAPE;
const BTHD = [0, 2, 1, 3]; // jax-js keeps [B, T, H, D]; the permutation is its own inverse
const inputs = () => [1, 2, 3].map((seed) => normal(sizeOf(SHAPE), seed));
const slope = () => normal(sizeOf(SHAPE), 4);
const moved = (values: Float32Array) => permuted(values, SHAPE, BTHD);
const FORWARD = 2 * B * H * T * T * D; // two products of 2 T T D operations, half of which the mask spares

/** 0 where a query may look, and a number that softmax turns into 0 where it may not: [T, T]. */
export function causalMask(tf: Tfjs, length: number): TfTensor {
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -1e9 : 0,
  );
  return tf.tensor(mask, [length, length]);
}

export function tfAttention(tf: Tfjs, q: TfTensor, k: TfTensor, v: TfTensor, mask: TfTensor): TfTensor {
  const scores = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(q.shape.at(-1)!));
  return tf.matMul(scores.add(mask).softmax(-1), v);
}

const attention: Workload = {
  name: "attention B4 H4 T256 D64 causal",
  flops: FORWARD,
  bytes: 4 * 4 * sizeOf(SHAPE),
  tolerance: 1e-5,
  tapegrad: () => ({
    inputs: inputs().map((values) => shaped(values, SHAPE)),
    run: (q, k, v) => [F.scaledDotProductAttention(q!, k!, v!, { isCausal: true })[0]],
  }),
  tfjs(tf) {
    const [q, k, v] = inputs().map((values) => tf.tensor(values, SHAPE));
    const mask = causalMask(tf, T);
    return { run: () => [tfAttention(tf, q!, k!, v!, mask)] };
  },
  jax: ({ nn, numpy: np }) => ({
    inputs: inputs().map((values) => np.array(moved(values), { shape: [B, T, H, D] })),
    run: (q, k, v) => [nn.dotProductAttention(q!, k!, v!, { isCausal: true })],
    compared: ([y]) => [y!.transpose(BTHD)],
  }),
};

const attentionBackward: Workload = {
  name: "attention B4 H4 T256 D64 causal, with backward",
  flops: 3.5 * FORWARD, // backward has five products to forward's two
  bytes: 8 * 4 * sizeOf(SHAPE),
  tolerance: 1e-4,
  tapegrad: () => ({
    inputs: [...inputs().map((values) => leaf(values, SHAPE)), shaped(slope(), SHAPE)],
    run(q, k, v, dy) {
      const operands = [q!, k!, v!];
      for (const operand of operands) operand.grad = null;
      const [y] = F.scaledDotProductAttention(q!, k!, v!, { isCausal: true });
      y.backward(dy);
      return [y, ...operands.map((operand) => operand.grad!)];
    },
  }),
  tfjs(tf) {
    const operands = inputs().map((values) => tf.tensor(values, SHAPE));
    const [mask, dy] = [causalMask(tf, T), tf.tensor(slope(), SHAPE)];
    const gradients = tf.valueAndGrads((q, k, v) => tfAttention(tf, q!, k!, v!, mask));
    return {
      run() {
        const { value, grads } = gradients(operands, dy);
        return [value, ...grads];
      },
    };
  },
  jax: (jax) => ({
    inputs: [...inputs(), slope()].map((values) => jax.numpy.array(moved(values), { shape: [B, T, H, D] })),
    run(q, k, v, dy) {
      const attend = (...[q, k, v]: JaxArray[]) => jax.nn.dotProductAttention(q!, k!, v!, { isCausal: true });
      const [y, pullBack] = jax.vjp(attend, [q!, k!, v!]);
      const gradients = pullBack(dy!);
      pullBack.dispose();
      return [y, ...gradients];
    },
    compared: (outputs) => outputs.map((output) => output.transpose(BTHD)),
  }),
};

const TABLE = [1000, 128] as const;
const COUNT = 8192;
const indices = () => integers(COUNT, 10, 1); // ten rows take all of the gradient
const table = () => normal(sizeOf(TABLE), 2);
const rowSlopes = () => normal(COUNT * TABLE[1], 3);

const embedding: Workload = {
  name: "embedding backward, 8192 indices into 10 of [1000,128]",
  bytes: 4 * (COUNT + 3 * COUNT * TABLE[1] + sizeOf(TABLE)),
  tolerance: 1e-4,
  tapegrad: () => ({
    inputs: [shaped(indices(), [COUNT]), leaf(table(), TABLE), shaped(rowSlopes(), [COUNT, TABLE[1]])],
    run(index, weight, dy) {
      weight!.grad = null;
      F.embedding(index!, weight!).backward(dy);
      return [weight!.grad!];
    },
  }),
  tfjs(tf) {
    const [index, weight] = [tf.tensor(indices(), [COUNT], "int32"), tf.tensor(table(), TABLE)];
    const dy = tf.tensor(rowSlopes(), [COUNT, TABLE[1]]);
    const gradients = tf.valueAndGrads((weight) => tf.gather(weight!, index));
    return { run: () => gradients([weight], dy).grads };
  },
  jax: (jax) => ({
    inputs: [
      jax.numpy.array(indices(), { dtype: "int32" }),
      jax.numpy.array(table(), { shape: [...TABLE] }),
      jax.numpy.array(rowSlopes(), { shape: [COUNT, TABLE[1]] }),
    ],
    run(index, weight, dy) {
      const take = (weight: JaxArray) => jax.numpy.take(weight, index!, 0);
      const [y, pullBack] = jax.vjp(take, [weight!]);
      const gradients = pullBack(dy!);
      y.dispose();
      pullBack.dispose();
      return gradients;
    },
  }),
};

export const attentions: readonly Workload[] = [attention, attentionBackward, embedding];
