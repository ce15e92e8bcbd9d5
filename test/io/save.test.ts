// Saving and loading.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load, nn, ones, optim, save, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
beforeAll(openDevice);
afterAll(() => rmSync(folder, { recursive: true }));

const model = (): nn.Sequential => new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));

describe("a checkpoint", () => {
  test("brings back model, optimizer and numbers, and training goes on as if never stopped", async () => {
    const step = (net: nn.Sequential, optimizer: optim.Adam): Promise<number> => {
      optimizer.zeroGrad();
      const loss = net
        .forward(ones([2, 3]))
        .square()
        .mean();
      loss.backward();
      optimizer.step();
      return loss.item();
    };
    const net = model();
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
    await step(net, optimizer);
    await step(net, optimizer);
    const path = join(folder, "new/folder/run.safetensors");
    await save({ model: net.stateDict(), optimizer: optimizer.stateDict(), epoch: 3, note: "half way" }, path);

    const file = await load(path);
    const copy = model();
    copy.loadStateDict(file.model);
    const other = new optim.Adam(copy.parameters(), { lr: 1 });
    other.loadStateDict(file.optimizer);
    expect([file.epoch, file.note]).toEqual([3, "half way"]);
    for (let i = 0; i < 3; i++) expect(await step(copy, other)).toBe(await step(net, optimizer));
  });

  test("of a state dict alone has the names of PyTorch and no more", async () => {
    const path = join(folder, "state.safetensors");
    await save(model().stateDict(), path);
    const bytes = readFileSync(path);
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
    expect(Object.keys(header)).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
    expect(header["2.bias"]).toEqual({ dtype: "F32", shape: [2], data_offsets: [96, 104] });
  });

  test("has a layer that is used twice under both names, as PyTorch's", async () => {
    const shared = new nn.Linear(3, 3);
    const net = new nn.Sequential(shared, new nn.Sequential(shared));
    const keys = ["0.weight", "0.bias", "1.0.weight", "1.0.bias"];
    expect(Object.keys(net.stateDict())).toEqual(keys);
    expect(net.parameters()).toHaveLength(2);
    expect(net.getSubmodule("1.0")).toBe(shared);
    const path = join(folder, "shared.safetensors");
    await save(net.stateDict(), path);
    const file = await load(path);
    expect(Object.keys(file)).toEqual(keys);
    const values = await shared.weight.data();
    shared.weight.detach().zero_();
    net.loadStateDict(file);
    expect(await shared.weight.data()).toEqual(values);
    const apart = new nn.Sequential(new nn.Linear(3, 3), new nn.Sequential(new nn.Linear(3, 3)));
    apart.loadStateDict(file); // what another reader makes of it
    expect(await apart.getParameter("1.0.weight").data()).toEqual(values);
  });

  test("keeps every dtype", async () => {
    const path = join(folder, "dtypes.safetensors");
    const all = {
      f: tensor([1.5, -2]),
      i: tensor([1, -2], { dtype: "int32" }),
      u: tensor(Uint8Array.of(3, 255)),
      b: tensor([true, false]),
      scalar: tensor(4),
    };
    await save(all, path);
    const back = await load<Record<string, Tensor>>(path);
    for (const [name, x] of Object.entries(all)) {
      expect([back[name]!.dtype, back[name]!.shape, await back[name]!.toArray()]).toEqual([
        x.dtype,
        x.shape,
        await x.toArray(),
      ]);
    }
  });

  test("keeps numbers that JSON has no word for, and what is plain", async () => {
    const path = join(folder, "plain.safetensors");
    const plain = { losses: [Number.NaN, Infinity, -Infinity, -0, 0.1], none: null, nested: { "a.b": [true, "text"] } };
    await save(plain, path);
    expect(await load(path)).toStrictEqual(plain);
    const twice = { a: plain, b: [plain, plain] }; // no circle
    await save(twice, path);
    expect(await load(path)).toStrictEqual(twice);
  });

  test("takes nothing that it could not give back", async () => {
    const path = join(folder, "never.safetensors");
    const x = tensor([1]);
    const circle: unknown[] = [{}];
    circle[0] = { c: circle };
    const refused: [Record<string, unknown>, string][] = [
      [{ a: { b: x }, "a.b": x }, 'two tensors would be called "a.b"'],
      [{ a: [new Map()] }, 'an object (Map) at "a.0" cannot be saved'],
      [{ a: { $tensor: "b" } }, 'the key "$tensor" at "a" is taken by the format'],
      [{ __metadata__: x }, '"__metadata__" is taken by the format'],
      [{ a: { b: circle } }, '"a.b.0.c" is one of the objects it lies in: circles cannot be saved'],
      [{ big: 1n }, 'a bigint at "big" cannot be saved'],
    ];
    for (const [value, message] of refused) await expect(save(value, path)).rejects.toThrow(message);
    expect(existsSync(path)).toBe(false);
  });

  test("is written whole or not at all", async () => {
    const path = join(folder, "whole.safetensors");
    await save({ x: tensor([1]) }, path);
    const bad = { y: tensor([1]), f: () => 1 } as never;
    await expect(save(bad, path)).rejects.toThrow('save: a function at "f" cannot be saved');
    const gone = tensor([1]);
    gone.dispose();
    await expect(save({ x: tensor([2]), gone }, path)).rejects.toThrow("was disposed"); // found while writing
    expect(await (await load(path)).x.item()).toBe(1);
    expect(readdirSync(folder).filter((file) => file.includes("tmp"))).toEqual([]);
  });
});

test("a folder is no file", async () => {
  await expect(load(folder)).rejects.toThrow(`${folder}: is a folder, not a file`);
  await expect(save("run.safetensors" as never, { n: 1 } as never)).rejects.toThrow(
    'save: takes what to save, then a path, got "run.safetensors" and an object (Object)',
  );
  await expect(save({ n: 1 }, folder)).rejects.toThrow(`${folder}: is a folder, where no file can be written`);
});

test("loadStateDict names what does not fit, and copies nothing then", async () => {
  const net = model();
  const state = net.stateDict();
  expect(() => net.loadStateDict({ ...state, extra: ones([1]) })).toThrow(
    "loadStateDict: missing: none; not in the model: extra",
  );
  const { "0.bias": _, ...rest } = state;
  expect(() => net.loadStateDict(rest)).toThrow("missing: 0.bias");
  expect(net.loadStateDict({ ...rest, extra: ones([1]) }, { strict: false })).toEqual({
    missingKeys: ["0.bias"],
    unexpectedKeys: ["extra"],
  });
  const before = await net.parameters()[0]!.data();
  const wrong = { ...state, "0.weight": ones([4, 3]), "2.weight": ones([4, 2]) };
  expect(() => net.loadStateDict(wrong)).toThrow('loadStateDict: "2.weight" is [2, 4] here and [4, 2] in the file');
  expect(await net.parameters()[0]!.data()).toEqual(before);
});
