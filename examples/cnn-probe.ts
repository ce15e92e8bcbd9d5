import { init, manualSeed, nn, optim, tensor, type Tensor } from "../src/index.js";
const device = await init();
manualSeed(0);
const B = 32;
class Net extends nn.Module { c1=new nn.Conv2d(1,16,3,{padding:1}); c2=new nn.Conv2d(16,32,3,{padding:1}); p=new nn.MaxPool2d(2); f1=new nn.Linear(32*49,64); f2=new nn.Linear(64,10);
 forward(x: Tensor): Tensor { x=this.p.forward(this.c1.forward(x).relu()); x=this.p.forward(this.c2.forward(x).relu()); return this.f2.forward(this.f1.forward(x.flatten(1)).relu()); } }
const model = new Net(); const opt = new optim.Adam(model.parameters()); const crit = new nn.CrossEntropyLoss();
const xs = Float32Array.from({ length: B * 784 }, (_, i) => Math.sin(i)); const ys = Int32Array.from({ length: B }, (_, i) => i % 10);
const launch = device.launch.bind(device); let log = false; const names: string[] = [];
device.launch = (k, p, b, g) => { if (log) names.push(`${k.name}(${g})${k.jointLayout ? " JOINT" : ""}`); launch(k, p, b, g); };
const times: number[] = [];
for (let s = 0; s < 40; s++) {
  const before = device.stats(); log = s === 5;
  const t0 = performance.now();
  const x = tensor(xs).reshape([B, 1, 28, 28]); const y = tensor(ys);
  opt.zeroGrad(); const loss = crit.forward(model.forward(x), y); loss.backward(); opt.step(); await loss.item();
  times.push(performance.now() - t0);
  const a = device.stats();
  if (s === 20) console.log("disp", a.dispatches - before.dispatches, "buf", a.buffersCreated - before.buffersCreated, "bg", a.bindGroupsCreated - before.bindGroupsCreated, "peak", a.bytesPeak >> 20);
}
console.log(names.join("\n")); times.splice(0, 10); times.sort((a, b) => a - b); console.log("median", times[15]!.toFixed(1), "ms");

const rec: Parameters<typeof launch>[] = [];
device.launch = (k, p, b, g) => { rec.push([k, p, b, g]); launch(k, p, b, g); };
{ const x = tensor(xs).reshape([B, 1, 28, 28]); const y = tensor(ys); opt.zeroGrad(); const loss = crit.forward(model.forward(x), y); loss.backward(); opt.step(); await loss.item(); }
await device.synchronize();
const rows: [string, number][] = [];
for (const r of rec) { const R = 10; launch(...r); await device.synchronize(); const t0 = performance.now(); for (let i = 0; i < R; i++) launch(...r); await device.synchronize(); rows.push([`${r[0].name}(${r[3]})`, (performance.now() - t0) / R]); }
const total = rows.reduce((a, b) => a + b[1], 0);
for (const [n, t] of rows.map((x, i) => [i + " " + x[0], x[1]] as const).sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(n, t.toFixed(2));
console.log("total", total.toFixed(1));
