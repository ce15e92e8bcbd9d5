// TensorFlow.js as its documentation recommends: WebGPU backend, small tensors on the GPU as well, everything in tidy.

import { openTfjs } from "../peers/open.js";
import type { TfTensor } from "../peers/tfjs-types.js";
import type { TfWork } from "../workloads/workload.js";
import type { Framework, Session } from "./framework.js";

export async function openTensorFlow(): Promise<Framework> {
  const tf = await openTfjs();
  const session = ({ run, compared = (outputs) => outputs }: TfWork): Session => ({
    async run() {
      const outputs = tf.tidy(run);
      const elements = outputs.map((output) => tf.tidy(() => tf.slice(output.reshape([-1]), [0], [1])));
      await Promise.all(elements.map((element) => element.data()));
      for (const tensor of [...elements, ...outputs]) tensor.dispose();
    },
    async outputs() {
      const outputs: TfTensor[] = tf.tidy(() => compared(run()));
      const values = await Promise.all(outputs.map(async (output) => Float32Array.from(await output.data())));
      for (const output of outputs) output.dispose();
      return values;
    },
  });
  return {
    version: tf.version_core,
    prepare(workload) {
      const work = workload.tfjs(tf);
      return "notAvailable" in work ? work : { eager: () => session(work) };
    },
  };
}
