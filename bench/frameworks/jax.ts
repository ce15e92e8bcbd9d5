// jax-js in its forms: eager, under jit, and in compiled pieces. References are passed on as its documentation asks.

import type { Jax, JaxArray, JaxFunction } from "../peers/jax-types.js";
import { openJaxJs } from "../peers/open.js";
import type { JaxWork } from "../workloads/workload.js";
import type { Framework, Session } from "./framework.js";

export async function openJax(): Promise<Framework> {
  const { jax, version } = await openJaxJs();
  return {
    version,
    prepare(workload) {
      const work = workload.jax(jax);
      if ("notAvailable" in work) return work;
      const forms = work.forms ?? (work.state === undefined ? ["eager", "jit"] : ["jit"]);
      // Each form has inputs of its own: a step consumes its state.
      const works = forms.map((_, i) => (i === 0 ? () => work : () => workload.jax(jax) as JaxWork));
      const sessions = forms.map((form, i) => [form, () => session(jax, form, works[i]!())] as const);
      return Object.fromEntries(sessions);
    },
  };
}

function session(jax: Jax, form: string, work: JaxWork): Session {
  const { state = 0, compared = (outputs) => outputs } = work;
  const run = form === "jit" ? jax.jit(work.run) : form === "eager" ? work.run : (work.pieces as JaxFunction);
  const inputs = [...work.inputs];
  const step = (): JaxArray[] => {
    const outputs = run(...inputs.slice(0, state), ...inputs.slice(state).map((input) => input.ref));
    if (state === 0) return outputs;
    inputs.splice(0, state, ...outputs.slice(1));
    return outputs.slice(0, 1);
  };
  return {
    async run() {
      const elements = step().map((output) => output.reshape([-1]).slice([0, 1]).data());
      // What a jit makes is launched together. Eager results are launched when they are asked for, so the state is.
      const rest = form === "jit" ? [] : inputs.slice(0, state);
      await Promise.all([...elements, ...rest.map((array) => array.blockUntilReady())]);
    },
    async outputs() {
      return Promise.all(compared(step()).map((output) => output.data()));
    },
  };
}
