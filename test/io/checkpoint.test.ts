// Saving and loading, and files that lie.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    await save({ model: net.stateDict(), optimizer: optimizer.stateDict() as never, epoch: 3, note: "half way" }, path);

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

  test("is written whole or not at all", async () => {
    const path = join(folder, "whole.safetensors");
    await save({ x: tensor([1]) }, path);
    const bad = { y: tensor([1]), f: () => 1 } as never;
    await expect(save(bad, path)).rejects.toThrow('save: a function at "f" cannot be saved');
    expect(await (await load(path)).x.item()).toBe(1);
    expect(readdirSync(folder).filter((file) => file.includes("tmp"))).toEqual([]);
  });
});

describe("a file that is not what it says is refused", () => {
  const file = (header: unknown, body: number, claimed?: number): Buffer => {
    const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(claimed ?? json.length));
    return Buffer.concat([length, json, Buffer.alloc(body)]);
  };
  const entry = (begin: number, end: number, shape = [1]) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  const cases: [string, Buffer, string][] = [
    ["empty", Buffer.alloc(0), "it has 0 bytes"],
    ["a header longer than the file", file({}, 0, 1_000), "its header claims 1000 bytes, the file has 10"],
    ["an absurd header", file({}, 0, 2 ** 52), "its header claims 4503599627370496 bytes"],
    ["no JSON", file("{x", 0), "its header is not JSON"],
    ["no object", file([], 0), "its header is not a JSON object"],
    [
      "malformed entries",
      file({ x: { dtype: "F32", shape: "big", data_offsets: [0, 4] } }, 4),
      'the entry of "x" is malformed',
    ],
    ["negative sizes", file({ x: entry(0, 4, [-1]) }, 4), 'the entry of "x" is malformed'],
    [
      "an unknown dtype",
      file({ x: { ...entry(0, 4), dtype: "F8" } }, 4),
      '"x" is F8; tapegrad reads F32, F16, I32, U8, BOOL',
    ],
    ["offsets out of bounds", file({ x: entry(0, 400, [100]) }, 4), '"x" lies at bytes 0 to 400 of 4'],
    ["sizes that do not match", file({ x: entry(0, 4, [2]) }, 4), '"x" has 4 bytes, its shape [2] needs 8'],
    ["absurd sizes", file({ x: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4), '"x" has 4 bytes'],
    [
      "tensors that overlap",
      file({ x: entry(0, 8, [2]), y: entry(4, 8) }, 8),
      '"y" starts at byte 4, and the tensor before it ends at 8',
    ],
    ["a gap", file({ x: entry(0, 4), y: entry(8, 12) }, 12), '"y" starts at byte 8'],
    ["bytes left over", file({ x: entry(0, 4) }, 8), "its tensors take 4 bytes, and 8 follow the header"],
    ["truncated tensors", file({ x: entry(0, 8, [2]) }, 5), '"x" lies at bytes 0 to 8 of 5'],
  ];
  test.each(cases)("%s", async (name, bytes, message) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.safetensors`);
    writeFileSync(path, bytes);
    await expect(load(path)).rejects.toThrow(message);
  });

  test("or not there", async () => {
    await expect(load(join(folder, "nowhere"))).rejects.toThrow(/load: there is no file .*nowhere/);
  });
});

test("loadStateDict names what does not fit, and copies nothing then", async () => {
  const net = model();
  const state = net.stateDict();
  expect(() => net.loadStateDict({ ...state, extra: ones([1]) })).toThrow(
    "loadStateDict: missing: none; not in the model: extra",
  );
  const { "0.bias": _, ...rest } = state;
  expect(() => net.loadStateDict(rest)).toThrow("missing: 0.bias");
  const before = await net.parameters()[0]!.data();
  const wrong = { ...state, "0.weight": ones([4, 3]), "2.weight": ones([4, 2]) };
  expect(() => net.loadStateDict(wrong)).toThrow('loadStateDict: "2.weight" is [2, 4] here and [4, 2] in the file');
  expect(await net.parameters()[0]!.data()).toEqual(before);
});
