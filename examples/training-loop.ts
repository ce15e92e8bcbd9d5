// PyTorch's training loop, as the README shows it, on a data set of 2,000 points.
// biome-ignore-all assist/source/organizeImports: the README's order
// biome-ignore-all lint/correctness/noUnusedVariables: runningLoss is the reader's to print

import { noGrad, tensor } from "tapegrad";
import { epochs, MyDataset, xTrain, yTrain } from "./shared/my-dataset.js";

import { init, manualSeed, nn, optim, data, type Tensor } from "tapegrad";
const device = await init();
manualSeed(0);

class Net extends nn.Module {
  linear1 = new nn.Linear(10, 64);
  activation = new nn.ReLU();
  linear2 = new nn.Linear(64, 8);
  linear3 = new nn.Linear(8, 4);
  forward(x: Tensor): Tensor {
    x = this.activation.forward(this.linear1.forward(x)); // [batch, 64]
    return this.linear3.forward(this.linear2.forward(x)); // [batch, 4]
  }
}

const net = new Net().to(device);
const trainLoader = new data.DataLoader(new MyDataset(xTrain, yTrain), { batchSize: 16, shuffle: true });
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.SGD(net.parameters(), { lr: 0.001, momentum: 0.9 });
for (let epoch = 0; epoch < epochs; epoch++) {
  let runningLoss = 0;
  for await (const [inputs, labels] of trainLoader) {
    optimizer.zeroGrad();
    const outputs = net.forward(inputs.to(device));
    const loss = criterion.forward(outputs, labels.to(device));
    loss.backward();
    optimizer.step();
    runningLoss += await loss.item();
  }
}

const labels = tensor(yTrain, { dtype: "int32" });
const outputs = noGrad(() => net.forward(tensor(xTrain)));
const right = outputs.argmax(1).eq(labels).sum();
console.log(net.toString());
console.log(`loss ${(await criterion.forward(outputs, labels).item()).toFixed(4)}`);
console.log(`${await right.item()} of ${labels.numel()} right`);
