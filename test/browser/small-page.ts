// A page that trains an MLP on random numbers: how much of tapegrad it carries is measured.

import { data, init, manualSeed, nn, optim, randint, randn } from "tapegrad";

await init();
manualSeed(0);
const net = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(net.parameters(), { lr: 1e-3 });
const dataset = new data.TensorDataset(randn([1000, 784]), randint(10, [1000]));
for await (const [inputs, labels] of new data.DataLoader(dataset, { batchSize: 64, shuffle: true })) {
  optimizer.zeroGrad();
  const loss = criterion.forward(net.forward(inputs), labels);
  loss.backward();
  optimizer.step();
  console.log(await loss.item());
}
