// What small work costs: 200 chained additions, and Adam over many tensors.

import { optim } from "tapegrad";
import type { JaxArray, JaxFunction } from "../peers/jax-types.js";
import { normal, sizeOf } from "./random.js";
import { leaf, shaped } from "./tensors.js";
import { jaxAdam, type Weight } from "./training.js";
import type { Workload } from "./workload.js";

const SHAPE = [32, 32] as const;
const ADDS = 200;
const PIECE = 50; // one piece of 200 does not compile in jax-js
const x = () => normal(sizeOf(SHAPE), 1);
const dx = () => normal(sizeOf(SHAPE), 2);

/** Adds dx to x so many times, in any framework. */
function added<T extends { add(other: T): T }>(x: T, dx: () => T, times: number): T {
  let y = x;
  for (let i = 0; i < times; i++) y = y.add(dx());
  return y;
}

/** The additions of jax-js as they are written, or in pieces that are compiled. */
function jaxAdds(
  piece: (x: JaxArray, dx: JaxArray) => JaxArray,
  times: number,
): (x: JaxArray, dx: JaxArray) => JaxArray {
  return (x, dx) => {
    let y = x;
    for (let i = 0; i < times; i++) y = piece(y, dx.ref);
    dx.dispose();
    return y;
  };
}

const adds: Workload = {
  name: "200 chained adds on [32,32]",
  isSmall: true,
  tolerance: 1e-5,
  tapegrad: () => ({
    inputs: [shaped(x(), SHAPE), shaped(dx(), SHAPE)],
    run: (x, dx) => [added(x!, () => dx!, ADDS)],
  }),
  tfjs(tf) {
    const [start, step] = [tf.tensor(x(), SHAPE), tf.tensor(dx(), SHAPE)];
    return { run: () => [added(start, () => step, ADDS)] };
  },
  jax(jax) {
    const inputs = [x(), dx()].map((values) => jax.numpy.array(values, { shape: [...SHAPE] }));
    const eager = jaxAdds((x, dx) => x.add(dx), ADDS);
    const piece = jax.jit((x, dx) => [jaxAdds((x, dx) => x.add(dx), PIECE)(x!, dx!)]);
    const pieces = jaxAdds((x, dx) => piece(x, dx)[0]!, ADDS / PIECE);
    return {
      inputs,
      forms: ["eager", "jit in pieces"],
      run: (x, dx) => [eager(x!, dx!)],
      pieces: (x, dx) => [pieces(x!, dx!)],
    };
  },
};

const addsBackward: Workload = {
  name: "200 chained adds on [32,32], forward and backward",
  isSmall: true,
  tolerance: 1e-5,
  tapegrad() {
    const start = leaf(x(), SHAPE); // not an argument: those of a replayed step have no gradient
    return {
      inputs: [shaped(dx(), SHAPE)],
      run(dx) {
        start.grad = null;
        const loss = added(start, () => dx!, ADDS).sum();
        loss.backward();
        return [loss, start.grad!];
      },
    };
  },
  tfjs(tf) {
    const [start, step] = [tf.tensor(x(), SHAPE), tf.tensor(dx(), SHAPE)];
    const gradients = tf.valueAndGrads((x) => added(x!, () => step, ADDS).sum());
    return {
      run() {
        const { value, grads } = gradients([start]);
        return [value, ...grads];
      },
    };
  },
  jax(jax) {
    const inputs = [x(), dx()].map((values) => jax.numpy.array(values, { shape: [...SHAPE] }));
    const piece = jax.jit((x, dx) => [jaxAdds((x, dx) => x.add(dx), PIECE)(x!, dx!)]);
    const slopes = (fn: (x: JaxArray, dx: JaxArray) => JaxArray): JaxFunction => {
      const gradients = jax.valueAndGrad((x, dx) => fn(x!, dx!).sum(), { argnums: [0] });
      return (x, dx) => {
        const [value, grads] = gradients(x!, dx!);
        return [value, ...grads];
      };
    };
    return {
      inputs,
      forms: ["eager", "jit in pieces"],
      run: slopes(jaxAdds((x, dx) => x.add(dx), ADDS)),
      pieces: slopes(jaxAdds((x, dx) => piece(x, dx)[0]!, ADDS / PIECE)),
    };
  },
};

const TENSORS = 50;
const ELEMENTS = 10_000;
const LR = 0.001;
const parameters = () => Array.from({ length: TENSORS }, (_, i) => normal(ELEMENTS, 10 + i));
const gradients = () => Array.from({ length: TENSORS }, (_, i) => normal(ELEMENTS, 100 + i));

const adam: Workload = {
  name: "Adam over 50 tensors of 10k",
  bytes: 7 * 4 * TENSORS * ELEMENTS, // reads gradient, parameter and two moments, writes the last three
  isSmall: true,
  tolerance: 1e-4,
  tapegrad() {
    const [tensors, slopes] = [parameters(), gradients()].map((all) => all.map((values) => leaf(values, [ELEMENTS])));
    tensors!.forEach((tensor, i) => {
      tensor.grad = slopes![i]!.detach();
    });
    const optimizer = new optim.Adam(tensors!, { lr: LR });
    return {
      inputs: [],
      run() {
        optimizer.step();
        return [tensors!.at(-1)!];
      },
    };
  },
  tfjs(tf) {
    const variables = parameters().map((values) => tf.variable(tf.tensor(values, [ELEMENTS])));
    const named = gradients().map((values, i) => [variables[i]!.name, tf.tensor(values, [ELEMENTS])] as const);
    const optimizer = tf.train.adam(LR, 0.9, 0.999, 1e-8);
    return {
      run() {
        optimizer.applyGradients(Object.fromEntries(named));
        return [variables.at(-1)!.reshape([ELEMENTS])];
      },
    };
  },
  jax(jax) {
    const { numpy: np } = jax;
    const optimizer = jaxAdam(jax, LR);
    const weights = parameters().map((values): Weight => ({ values, shape: [ELEMENTS] }));
    const state = [...weights.map(({ values }) => np.array(values)), ...optimizer.initial(weights)];
    return {
      inputs: [...state, ...gradients().map((values) => np.array(values))],
      state: state.length,
      forms: ["eager", "jit"],
      run(...inputs) {
        const [tensors, old, slopes] = [
          inputs.slice(0, TENSORS),
          inputs.slice(TENSORS, state.length),
          inputs.slice(state.length),
        ];
        const [next, remembered] = optimizer.update(slopes, tensors, old);
        return [next.at(-1)!.ref, ...next, ...remembered];
      },
    };
  },
};

export const small: readonly Workload[] = [adds, addsBackward, adam];
