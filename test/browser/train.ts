// The training that the page and Node both do. The package comes as an argument: its bundle there, its source here.

import type * as Tapegrad from "../../src/index.js";

const [B, INPUTS, HIDDEN1, HIDDEN2, CLASSES] = [128, 784, 256, 128, 10];
const STEPS = 50;

export interface Training {
  /** Of every step. */
  readonly losses: readonly number[];
  /** The model, printed. */
  readonly model: string;
}

/** Trains an MLP on SwiftShader. */
export async function train({ F, init, manualSeed, nn, optim, tensor }: typeof Tapegrad): Promise<Training> {
  await init({ adapter: "swiftshader" });
  manualSeed(0);
  const model = new nn.Sequential(
    new nn.Linear(INPUTS, HIDDEN1),
    new nn.ReLU(),
    new nn.Linear(HIDDEN1, HIDDEN2),
    new nn.ReLU(),
    new nn.Linear(HIDDEN2, CLASSES),
  );
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const { pixels, labels } = batch(step);
    optimizer.zeroGrad();
    const outputs = model.forward(tensor(pixels).reshape([B, INPUTS]));
    const loss = F.crossEntropy(outputs, tensor(labels));
    loss.backward();
    optimizer.step();
    losses.push(await loss.item());
  }
  return { losses, model: String(model) };
}

/**
 * Noise, a little brighter at every tenth pixel from the label's on. Additions and products only: engines may round
 * Math.sin and its like differently.
 */
function batch(step: number): { pixels: Float32Array; labels: Int32Array } {
  const labels = Int32Array.from({ length: B }, (_, i) => (i * 7 + step) % CLASSES);
  const pixels = Float32Array.from({ length: B * INPUTS }, (_, k) => {
    const isBright = (k % INPUTS) % CLASSES === labels[Math.floor(k / INPUTS)];
    const noise = ((step * B * INPUTS + k + 1) * 0.6180339887) % 1;
    return noise - 0.5 + (isBright ? 0.3 : 0);
  });
  return { pixels, labels };
}
