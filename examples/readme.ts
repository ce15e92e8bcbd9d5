import { data, init, manualSeed, nn, optim, type Tensor } from "../src/index.js";

const device = await init();
manualSeed(0);

class MyDataset extends data.Dataset {
  constructor(
    readonly x: number[][],
    readonly y: number[],
  ) {
    super();
  }
  getItem(index: number) {
    return [this.x[index], this.y[index]];
  }
  get length() {
    return this.x.length;
  }
}
const xTrain = Array.from({ length: 200 }, (_, i) => Array.from({ length: 10 }, (_, j) => Math.sin(i * 7 + j * 3)));
const yTrain = xTrain.map((row) => (row[0]! > 0 ? 1 : 0) + (row[1]! > 0 ? 2 : 0));
const epochs = 10;

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
const optimizer = new optim.SGD(net.parameters(), { lr: 0.01, momentum: 0.9 });
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
  console.log(epoch, runningLoss / trainLoader.length);
}
console.log(device.stats(), String(net));
