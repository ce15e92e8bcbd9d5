// Weights go from PyTorch's files into the equal model by name, and back.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arange, load, nn, readMetadata, save, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

const golden = fileURLToPath(new URL("../goldens/torch.safetensors", import.meta.url)); // scripts/golden_files.py
const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
beforeAll(openDevice);
afterAll(() => rmSync(folder, { recursive: true }));

const model = (): nn.Module =>
  new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2), new nn.Flatten(), new nn.Linear(8, 3));

const TOLERANCE = 1e-5; // float32, 18 products and their normalization

test("a file as PyTorch's writer makes it gives the model PyTorch's outputs", async () => {
  const net = model();
  net.loadStateDict(await load(golden));
  const { format, outputs } = await readMetadata(golden);
  expect(format).toBe("pt");
  const y = net.eval().forward(arange(32).reshape([2, 1, 4, 4]).sin() as never) as Tensor;
  expectClose(await y.data(), JSON.parse(outputs!).flat(), TOLERANCE);
});

const python = ["/usr/bin/python3", "python3"].find((candidate) => {
  try {
    execFileSync(candidate, ["-c", "import torch"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

test.runIf(python !== undefined)("a file of ours gives PyTorch's model the same outputs", async () => {
  const net = model();
  net.loadStateDict(await load(golden));
  const path = join(folder, "ours.safetensors");
  await save(net.stateDict(), path, { metadata: { format: "pt" } });
  const printed = execFileSync(python!, ["scripts/safetensors_format.py", path], {
    encoding: "utf8",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  expectClose(JSON.parse(printed).flat(), JSON.parse((await readMetadata(golden))["outputs"]!).flat(), TOLERANCE);
});
