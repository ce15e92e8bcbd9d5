// A short training run with everything random in it: initialisation, shuffling, dropout, gathers with repeated indices.

import { createHash } from "node:crypto";
import { data, F, init, manualSeed, nn, optim, type Tensor } from "../../src/index.js";

class Net extends nn.Module {
  embedding = new nn.Embedding(10, 8);
  conv = new nn.Conv2d(1, 4, 3, { padding: 1 });
  norm = new nn.BatchNorm2d(4);
  pool = new nn.MaxPool2d(4);
  dropout = new nn.Dropout(0.3);
  linear = new nn.Linear(4 * 7 * 7 + 8, 10);

  forward(images: Tensor, hints: Tensor): Tensor {
    const features = this.pool.forward(this.norm.forward(this.conv.forward(images)).relu()).flatten(1); // [N, 196]
    const hint = this.embedding.forward(hints); // [N, 8]
    return F.linear(this.dropout.forward(features), this.linear.weight.narrow(1, 0, 196), this.linear.bias).add(
      hint.matmul(this.linear.weight.narrow(1, 196, 8).T),
    );
  }
}

/** Trains for 30 steps; the last loss, and a hash of all parameters and buffers. */
export async function train(seed: number): Promise<{ digest: string; loss: number }> {
  manualSeed(seed);
  const net = new Net();
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
  const digits = new data.SyntheticDigits({ length: 160, seed: 5 });
  let loss = 0;
  for (let epoch = 0; epoch < 3; epoch++) {
    for await (const [images, labels] of new data.DataLoader(digits, { batchSize: 16, shuffle: true })) {
      optimizer.zeroGrad();
      const error = F.crossEntropy(net.forward(images, labels.mul(3).remainder(4)), labels);
      error.backward();
      optimizer.step();
      loss = await error.item();
    }
  }
  const hash = createHash("sha256");
  for (const tensor of Object.values(net.stateDict()))
    hash.update(new Uint8Array((await tensor.data()).slice().buffer));
  return { digest: hash.digest("hex"), loss };
}

if (process.argv[1]?.endsWith("seeded-run.ts")) {
  await init();
  const { digest, loss } = await train(Number(process.argv[2]));
  console.log(digest, loss);
}
