// Training step of a small transformer language model: two layers that normalize first, learned positions, Adam.

import { F, nn, ones, optim, type Tensor, zeros } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import type { TfTensor } from "../peers/tfjs-types.js";
import { causalMask, tfAttention } from "./attention.js";
import { integers, oneHot } from "./random.js";
import { shaped } from "./tensors.js";
import { tfGelu, tfLayerNorm } from "./tf-layers.js";
import { inputsFirst, jaxAdam, jaxCrossEntropy, jaxStep, ourStep, tfStep, type Weight, weightsOf } from "./training.js";
import type { Workload } from "./workload.js";

const [VOCABULARY, T, D, HEADS, LAYERS] = [64, 64, 64, 4, 2];
const LR = 0.001;
const EPS = 1e-5; // PyTorch's default
const LAYER = [[D], [D], [3 * D, D], [3 * D], [D, D], [D], [D], [D], [4 * D, D], [4 * D], [D, 4 * D], [D]];
const SHAPES = [[VOCABULARY, D], [T, D], ...LAYER, ...LAYER, [D], [D], [VOCABULARY, D]];
const SCALES = new Set([2, 8, 14, 20, 26]); // the weights of LayerNorm, which start near 1

class LayerNorm extends nn.Module {
  readonly weight = new nn.Parameter(ones([D]));
  readonly bias = new nn.Parameter(zeros([D]));

  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, [D], { weight: this.weight, bias: this.bias, eps: EPS });
  }
}

class Block extends nn.Module {
  readonly norm1 = new LayerNorm();
  readonly qkv = new nn.Linear(D, 3 * D);
  readonly projection = new nn.Linear(D, D);
  readonly norm2 = new LayerNorm();
  readonly widen = new nn.Linear(D, 4 * D);
  readonly narrow = new nn.Linear(4 * D, D);

  override forward(x: Tensor): Tensor {
    const batch = x.shape[0]!;
    const heads = (y: Tensor) => y.reshape([batch, T, HEADS, D / HEADS]).transpose(1, 2);
    const [q, k, v] = this.qkv.forward(this.norm1.forward(x)).chunk(3, -1);
    const [seen] = F.scaledDotProductAttention(heads(q!), heads(k!), heads(v!), { isCausal: true });
    const attended = x.add(this.projection.forward(seen.transpose(1, 2).reshape([batch, T, D])));
    const wide = F.gelu(this.widen.forward(this.norm2.forward(attended)), { approximate: "tanh" });
    return attended.add(this.narrow.forward(wide));
  }
}

class LanguageModel extends nn.Module {
  readonly tokens = new nn.Embedding(VOCABULARY, D);
  readonly positions = new nn.Embedding(T, D);
  readonly blocks = new nn.Sequential(...Array.from({ length: LAYERS }, () => new Block()));
  readonly norm = new LayerNorm();
  readonly head = new nn.Linear(D, VOCABULARY, { bias: false });

  override forward(tokens: Tensor): Tensor {
    const x = this.tokens.forward(tokens).add(this.positions.weight);
    return this.head.forward(this.norm.forward(this.blocks.forward(x)));
  }
}

/** The embedding tables stay as they are; Linear weights are [in, out] in the peers. */
const forPeers = (weights: readonly Weight[]): Weight[] => weights.map((w, i) => (i < 2 ? w : inputsFirst(w)));

export function transformer(name: string, batch: number): Workload {
  const weights = () =>
    weightsOf(SHAPES).map((w, i) => (SCALES.has(i) ? { ...w, values: w.values.map((value) => 1 + value) } : w));
  const tokens = () => integers(batch * T, VOCABULARY, 1);
  const targets = () => integers(batch * T, VOCABULARY, 2);
  const products = LAYERS * (12 * D * D + T * D) + D * VOCABULARY; // per token; causal attention is half of 2 T D
  return {
    name,
    isStep: true,
    flops: 6 * batch * T * products,
    tolerance: 1e-3,
    tapegrad() {
      const model = new LanguageModel();
      const optimizer = new optim.Adam(model.parameters(), { lr: LR });
      const inputs = [shaped(tokens(), [batch, T]), shaped(targets(), [batch * T])];
      const loss = (x: Tensor, y: Tensor) => F.crossEntropy(model.forward(x).reshape([batch * T, VOCABULARY]), y);
      return ourStep(model, optimizer, weights(), (x, y) => loss(x!, y!), inputs);
    },
    tfjs(tf) {
      const index = tf.tensor(tokens(), [batch * T], "int32");
      const target = tf.tensor(oneHot(targets(), VOCABULARY), [batch * T, VOCABULARY]);
      const mask = causalMask(tf, T);
      const linear = (a: TfTensor, b: TfTensor, bias?: TfTensor) => tf.fused.matMul({ a, b, bias });
      const heads = (x: TfTensor) => x.reshape([batch, T, HEADS, D / HEADS]).transpose([0, 2, 1, 3]);
      const block = (x: TfTensor, weights: TfTensor[]) => {
        const [g1, b1, wqkv, bqkv, wo, bo, g2, b2, w1, c1, w2, c2] = weights;
        const [q, k, v] = tf.split(linear(tfLayerNorm(x, g1!, b1!), wqkv!, bqkv!), 3, -1).map(heads);
        const seen = tfAttention(tf, q!, k!, v!, mask)
          .transpose([0, 2, 1, 3])
          .reshape([batch * T, D]);
        const attended = x.add(linear(seen, wo!, bo!));
        const wide = tfGelu(linear(tfLayerNorm(attended, g2!, b2!), w1!, c1!));
        return attended.add(linear(wide, w2!, c2!));
      };
      const optimizer = tf.train.adam(LR, 0.9, 0.999, 1e-8);
      return tfStep(tf, optimizer, forPeers(weights()), (all) => {
        const embedded = tf.gather(all[0]!, index).reshape([batch, T, D]).add(all[1]!);
        let x = embedded.reshape([batch * T, D]);
        for (let layer = 0; layer < LAYERS; layer++) x = block(x, all.slice(2 + 12 * layer, 14 + 12 * layer));
        const [g, b, head] = all.slice(-3);
        return tf.losses.softmaxCrossEntropy(target, linear(tfLayerNorm(x, g!, b!), head!));
      });
    },
    jax(jax) {
      const { nn, numpy: np } = jax;
      const norm = (x: JaxArray, g: JaxArray, b: JaxArray) => nn.standardize(x, -1, { epsilon: EPS }).mul(g).add(b);
      const linear = (x: JaxArray, w: JaxArray, b: JaxArray) => np.matmul(x, w).add(b);
      const heads = (x: JaxArray) => x.reshape([batch, T, HEADS, D / HEADS]);
      const block = (x: JaxArray, weights: JaxArray[]) => {
        const [g1, b1, wqkv, bqkv, wo, bo, g2, b2, w1, c1, w2, c2] = weights;
        const [q, k, v] = np.split(linear(norm(x.ref, g1!, b1!), wqkv!, bqkv!), 3, -1).map(heads);
        const seen = nn.dotProductAttention(q!, k!, v!, { isCausal: true }).reshape([batch * T, D]);
        const attended = x.add(linear(seen, wo!, bo!));
        const wide = nn.gelu(linear(norm(attended.ref, g2!, b2!), w1!, c1!), { approximate: true });
        return attended.add(linear(wide, w2!, c2!));
      };
      const loss = (all: JaxArray[], [codes, target]: JaxArray[]) => {
        // The gradient of take is a scatter, which jit refuses here: rows are taken by a product with one-hot codes.
        const embedded = np.matmul(codes!, all[0]!).reshape([batch, T, D]).add(all[1]!);
        let x = embedded.reshape([batch * T, D]);
        for (let layer = 0; layer < LAYERS; layer++) x = block(x, all.slice(2 + 12 * layer, 14 + 12 * layer));
        const [g, b, head] = all.slice(-3);
        return jaxCrossEntropy(jax, np.matmul(norm(x, g!, b!), head!), target!);
      };
      const data = [
        np.array(oneHot(tokens(), VOCABULARY), { shape: [batch * T, VOCABULARY] }),
        np.array(oneHot(targets(), VOCABULARY), { shape: [batch * T, VOCABULARY] }),
      ];
      return jaxStep(jax, jaxAdam(jax, LR), forPeers(weights()), loss, data);
    },
  };
}

export const transformers: readonly Workload[] = [
  transformer("training step, transformer of 2 layers, vocabulary 64, T 64, d 64, 4 heads, batch 8, Adam", 8),
];
