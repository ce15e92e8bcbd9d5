// A training step in each framework, from a loss and an optimizer; and the weights that all start from.

import type { nn, optim, Tensor } from "tapegrad";
import type { Jax, JaxArray } from "../peers/jax-types.js";
import type { Tfjs, TfOptimizer, TfTensor, TfVariable } from "../peers/tfjs-types.js";
import { normal, permuted, sizeOf } from "./random.js";
import { load } from "./tensors.js";
import type { JaxWork, OurWork, TfWork } from "./workload.js";

export interface Weight {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Weights of PyTorch's shapes, spread by their fan-in; vectors are biases. */
export function weightsOf(shapes: readonly (readonly number[])[]): Weight[] {
  return shapes.map((shape, i) => {
    const scale = shape.length === 1 ? 0.1 : Math.sqrt(2 / sizeOf(shape.slice(1)));
    return { values: normal(sizeOf(shape), 100 + i, scale), shape };
  });
}

/** Linear weights as the peers keep them, [in, out]; everything else as it is. */
export function inputsFirst({ values, shape }: Weight): Weight {
  return shape.length === 2 ? reordered({ values, shape }, [1, 0]) : { values, shape };
}

export function reordered({ values, shape }: Weight, order: readonly number[]): Weight {
  return { values: permuted(values, shape, order), shape: order.map((dim) => shape[dim]!) };
}

export function ourStep(
  model: nn.Module,
  optimizer: Pick<optim.SGD, "zeroGrad" | "step">,
  weights: readonly Weight[],
  loss: (...batch: Tensor[]) => Tensor,
  batch: readonly Tensor[],
): OurWork {
  load(
    model,
    weights.map(({ values }) => values),
  );
  return {
    inputs: batch,
    run(...batch) {
      optimizer.zeroGrad();
      const value = loss(...batch);
      value.backward();
      optimizer.step();
      return [value];
    },
  };
}

export function tfStep(
  tf: Tfjs,
  optimizer: TfOptimizer,
  weights: readonly Weight[],
  loss: (weights: TfVariable[]) => TfTensor,
): TfWork {
  const variables = weights.map(({ values, shape }) => tf.variable(tf.tensor(values, shape)));
  return { run: () => [optimizer.minimize(() => loss(variables), true, variables)!] };
}

/** An optimizer as a pure function of gradients, parameters and state. */
export interface JaxOptimizer {
  initial(weights: readonly Weight[]): JaxArray[];
  update(gradients: JaxArray[], parameters: JaxArray[], state: JaxArray[]): [parameters: JaxArray[], state: JaxArray[]];
}

export function jaxStep(
  jax: Jax,
  optimizer: JaxOptimizer,
  weights: readonly Weight[],
  loss: (weights: JaxArray[], batch: JaxArray[]) => JaxArray,
  batch: JaxArray[],
): JaxWork {
  const parameters = weights.map(({ values, shape }) => jax.numpy.array(values, { shape: [...shape] }));
  const state = [...parameters, ...optimizer.initial(weights)];
  const count = weights.length;
  const slopes = jax.valueAndGrad((...inputs) => loss(inputs.slice(0, count), inputs.slice(count)), {
    argnums: weights.map((_, i) => i),
  });
  return {
    inputs: [...state, ...batch],
    state: state.length,
    run(...inputs) {
      const [parameters, old, batch] = [
        inputs.slice(0, count),
        inputs.slice(count, state.length),
        inputs.slice(state.length),
      ];
      const [value, gradients] = slopes(...parameters.map(({ ref }) => ref), ...batch);
      const [next, remembered] = optimizer.update(gradients, parameters, old);
      return [value, ...next, ...remembered];
    },
  };
}

/** p = p - lr g. */
export function jaxSgd(lr: number): JaxOptimizer {
  return {
    initial: () => [],
    update: (gradients, parameters) => [parameters.map((p, i) => p.sub(gradients[i]!.mul(lr))), []],
  };
}

/** v = momentum v + g, p = p - lr v. */
export function jaxMomentum({ numpy: np }: Jax, lr: number, momentum: number): JaxOptimizer {
  return {
    initial: (weights) => weights.map(({ shape }) => np.zeros([...shape])),
    update(gradients, parameters, state) {
      const velocities = state.map((v, i) => v.mul(momentum).add(gradients[i]!));
      return [parameters.map((p, i) => p.sub(velocities[i]!.ref.mul(lr))), velocities];
    },
  };
}

/** Adam with its bias corrections; the state is the first moments, the second, and the number of steps. */
export function jaxAdam({ numpy: np }: Jax, lr: number, [beta1, beta2] = [0.9, 0.999], eps = 1e-8): JaxOptimizer {
  return {
    initial: (weights) => [...[...weights, ...weights].map(({ shape }) => np.zeros([...shape])), np.zeros([])],
    update(gradients, parameters, state) {
      const count = parameters.length;
      const step = state[2 * count]!.add(1);
      const correction = (beta: number) =>
        np
          .exp(step.ref.mul(Math.log(beta)))
          .neg()
          .add(1); // 1 - beta^step
      const [first, second] = [correction(beta1!), correction(beta2!)];
      const m = gradients.map((g, i) => state[i]!.mul(beta1!).add(g.ref.mul(1 - beta1!)));
      const v = gradients.map((g, i) => state[count + i]!.mul(beta2!).add(np.square(g).mul(1 - beta2!)));
      const next = parameters.map((p, i) => {
        const denominator = np.sqrt(v[i]!.ref.div(second.ref)).add(eps);
        return p.sub(m[i]!.ref.div(first.ref).div(denominator).mul(lr));
      });
      for (const array of [first, second]) array.dispose();
      return [next, [...m, ...v, step]];
    },
  };
}

/** -mean over the rows of sum(oneHot * logSoftmax(logits)). */
export function jaxCrossEntropy({ nn }: Jax, logits: JaxArray, labels: JaxArray): JaxArray {
  return nn.logSoftmax(logits, -1).mul(labels).sum(-1).mean().neg();
}
