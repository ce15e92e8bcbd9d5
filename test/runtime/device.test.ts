// The device: errors, loss, limits, readbacks, both ways for parameters.

import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import {
  arange,
  type Device,
  DeviceError,
  F,
  init,
  nn,
  ones,
  optim,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";

describe("init", () => {
  test("returns the same device while it is alive", async () => {
    expect(await openDevice()).toBe(await openDevice());
  });

  test("describes the adapter and flags software", async () => {
    const { adapter } = await openDevice();
    expect(`${adapter.vendor} ${adapter.device}`).not.toBe(" ");
    expect(adapter.isSoftware).toBe(true);
  });

  test("an adapter that is not there is an error that says how to get one", () => {
    const script =
      'import { init } from "./src/index.js"; init({ adapter: "no such thing" }).catch((e) => console.log(e.message));';
    const { stdout } = spawnSync("npx", ["tsx", "--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { ...process.env, TAPEGRAD_ADAPTER: "" },
    });
    expect(stdout).toMatch(/init: no adapter called "no such thing".*TAPEGRAD_ADAPTER/);
  });
});

describe("errors surface at the next await", () => {
  test("an index out of range on the GPU names the op, the shape, the index and the range", async () => {
    await openDevice();
    const index = arange(3).mul(5).to("int32"); // 0, 5, 10: the host does not know them
    const rows = ones([4, 2]).indexSelect(0, index.add(0).contiguous());
    await expect(rows.data()).rejects.toThrow(
      /indexSelect along dimension 0 of shape \[4, 2\]: index (5|10) is out of range; valid are 0 to 3/,
    );
    expect(await ones([2]).sum().item()).toBe(2); // and the device goes on
  });

  test("a label out of range too, wherever it is found", async () => {
    const labels = tensor([0, 7], { dtype: "int32" });
    expect(() => F.crossEntropy(zeros([2, 3]), labels)).toThrow(
      "crossEntropy: label 7 is out of range; with 3 classes, valid are 0 to 2",
    );
    const computed = labels.add(0);
    computed.array.realize();
    const loss = F.crossEntropy(zeros([2, 3]), computed);
    await expect(loss.item()).rejects.toThrow(
      /crossEntropy of logits \[2, 3\]: index 7 is out of range; valid are 0 to 2/,
    );
  });

  test("what cannot be split is refused before anything is recorded", async () => {
    const device = await openDevice();
    const before = device.stats();
    expect(() =>
      zeros([2 ** 31])
        .clone()
        .array.realize(),
    ).toThrow(DeviceError);
    expect(() =>
      zeros([2 ** 31])
        .clone()
        .array.realize(),
    ).toThrow(/MiB is over what this adapter can bind/);
    expect(device.stats().dispatches).toBe(before.dispatches);
  });
});

describe("readbacks", () => {
  test("many at once, of all sizes and dtypes", async () => {
    await openDevice();
    const sizes = [1, 2, 3, 5, 63, 64, 65, 1000];
    const read = await Promise.all(sizes.map((size) => arange(size).add(1).data()));
    read.forEach((values, i) => expect([values.length, values.at(-1)]).toEqual([sizes[i], sizes[i]]));
    expect(await tensor([true, false, true]).data()).toEqual(Uint8Array.of(1, 0, 1));
    expect(
      await tensor(Uint8Array.of(1, 2, 255))
        .add(0)
        .data(),
    ).toEqual(Uint8Array.of(1, 2, 255));
    expect(await tensor(Int32Array.of(-1, 5)).mul(2).data()).toEqual(Int32Array.of(-2, 10));
  });

  test("of a view reads the view", async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).mul(1);
    expect(await x.T.toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(await x.select(1, 1).toArray()).toEqual([2, 5]);
  });

  test("item() needs one element", async () => {
    await expect(ones([2]).item()).rejects.toThrow("item: shape [2]: needs a tensor with one element");
  });
});

describe("device loss", () => {
  test("in the middle of a step: a clear error, a new device, and training goes on from a checkpoint", async () => {
    const device = await openDevice();
    const model = new nn.Linear(3, 1);
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const x = ones([4, 3]);
    const step = (net: nn.Linear, opt: optim.SGD, input: Tensor): Tensor => {
      opt.zeroGrad();
      const loss = net.forward(input).square().mean();
      loss.backward();
      opt.step();
      return loss;
    };
    await step(model, optimizer, x).item();
    const checkpoint = Object.fromEntries(
      await Promise.all(
        Object.entries(model.stateDict()).map(
          async ([name, value]) => [name, { values: await value.data(), shape: value.shape }] as const,
        ),
      ),
    );

    const loss = step(model, optimizer, x);
    device.destroy();
    await expect(loss.item()).rejects.toThrow(
      /device: the GPU device was lost .*call await init\(\) again and load a checkpoint/,
    );
    expect(() => x.add(1).array.realize()).toThrow("the GPU device was lost");
    expect(device.isLost).toBe(true);

    const fresh = await openDevice();
    expect(fresh).not.toBe(device);
    const restored = new nn.Linear(3, 1);
    restored.loadStateDict(
      Object.fromEntries(
        Object.entries(checkpoint).map(([name, { values, shape }]) => [name, tensor(values).reshape(shape)]),
      ),
    );
    const again = await step(restored, new optim.SGD(restored.parameters(), { lr: 0.1 }), ones([4, 3])).item();
    expect(Number.isFinite(again)).toBe(true);
  });
});

describe("parameters of kernels", () => {
  let other: Device;
  afterAll(() => other?.destroy());

  test("through the uniform ring give the same numbers as through immediates", async () => {
    const compute = async (): Promise<number[]> => {
      const x = arange(24, { dtype: "float32" }).reshape([2, 3, 4]);
      const results = [
        x.T.add(x.permute([2, 1, 0])).mul(0.5),
        x.sum(1),
        x.matmul(x.mT),
        x.softmax(1),
        F.maxPool2d(x, 2),
      ];
      const read: number[] = [];
      for (const y of results) read.push(...(await y.data()));
      for (let i = 0; i < 300; i++) read.push(await x.mul(i).sum().item()); // the ring fills up and starts over
      return read;
    };
    const device = await openDevice();
    const wanted = await compute();
    device.destroy();
    other = await init({ immediates: process.env["TAPEGRAD_IMMEDIATES"] === "0" });
    expect(await compute()).toEqual(wanted);
  });

  test("4,000 launches in one batch each keep their own", async () => {
    const one = ones([1]).clone();
    const all: Tensor[] = [];
    for (let i = 0; i < 4000; i++) {
      const y = one.mul(i);
      y.array.realize();
      all.push(y);
    }
    for (const i of [0, 1, 63, 64, 1999, 3999]) expect(await all[i]!.item()).toBe(i);
  });
});

test("Node exits by itself after the last await, with work in flight or not", () => {
  const script = `import { init, ones } from "./src/index.js";
    await init();
    console.log(await ones([10]).add(1).sum().item());
    ones([1000]).add(2).array.realize();`;
  const { stdout, status } = spawnSync("npx", ["tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect([stdout.trim(), status]).toEqual(["20", 0]);
});
