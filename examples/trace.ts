import { init, manualSeed, nn, optim, randint, randn, type Tensor, tensor } from "../src/index.js";

const device = await init();
manualSeed(0);
const B = Number(process.argv[2] ?? 128);
const net = new nn.Sequential(
  new nn.Linear(784, 256),
  new nn.ReLU(),
  new nn.Linear(256, 128),
  new nn.ReLU(),
  new nn.Linear(128, 10),
);
class Net extends nn.Module {
  a = new nn.Linear(784, 256);
  b = new nn.Linear(256, 128);
  c = new nn.Linear(128, 10);
  r = new nn.ReLU();
  forward(x: Tensor): Tensor {
    return this.c.forward(this.r.forward(this.b.forward(this.r.forward(this.a.forward(x)))));
  }
}
const model = new Net();
void net;
const opt = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
const crit = new nn.CrossEntropyLoss();
const xs = Float32Array.from({ length: B * 784 }, (_, i) => Math.sin(i));
const ys = Int32Array.from({ length: B }, (_, i) => i % 10);
const launch = device.launch.bind(device);
let log = false;
device.launch = (k, p, b, g) => {
  if (log)
    console.log(
      k.name,
      g,
      k.immediate,
      k.singles,
      k.jointLayout ? "JOINT" : "",
      k.buffers.map((x) => x.name).join(","),
    );
  launch(k, p, b, g);
};
for (let s = 0; s < 120; s++) {
  const before = device.stats();
  log = s === 2;
  const t0 = performance.now();
  const x = tensor(xs).reshape([B, 784]);
  const y = tensor(ys);
  opt.zeroGrad();
  const loss = crit.forward(model.forward(x), y);
  loss.backward();
  opt.step();
  const l = await loss.item();
  const after = device.stats();
  if (s < 5 || s % 10 === 0)
    console.log(
      s,
      l.toFixed(5),
      (performance.now() - t0).toFixed(2) + "ms",
      "disp",
      after.dispatches - before.dispatches,
      "sub",
      after.submits - before.submits,
      "buf",
      after.buffersCreated - before.buffersCreated,
      "bg",
      after.bindGroupsCreated - before.bindGroupsCreated,
      "sm",
      after.shaderModulesCreated - before.shaderModulesCreated,
      "gc",
      after.collections - before.collections,
      "live",
      after.bytesLive >> 10,
      "pool",
      after.bytesPooled >> 10,
    );
}
void randn;
void randint;
