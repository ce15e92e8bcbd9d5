import { beforeAll, expect, test } from "vitest";
import { autograd, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

test("the tape reads from the newest operation to the oldest", () => {
  const a = tensor([[1, 2]], { requiresGrad: true });
  const b = tensor([[3], [4]], { requiresGrad: true });
  const loss = a.matmul(b).add(1).mean();
  const entries = autograd.tape(loss);
  const [mean, add, matmul] = entries.map(({ seq }) => seq) as [number, number, number];
  expect(mean > add && add > matmul).toBe(true);
  expect(autograd.formatTape(loss)).toBe(
    [
      `#${mean} mean [] <- #${add} [1, 1]`,
      `#${add} add [1, 1] <- #${matmul} [1, 1], constant []`,
      `#${matmul} matmul [1, 1] <- leaf 0 [1, 2], leaf 1 [2, 1]`,
    ].join("\n"),
  );
});

test("as a graph, a leaf that is used twice appears once", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = x.mul(x);
  const [{ seq }] = autograd.tape(y) as [autograd.TapeEntry];
  expect(autograd.toGraphviz(y)).toBe(
    `digraph tape {\n  n${seq} [label="mul [2]"];\n  leaf0 [shape=box, label="leaf 0 [2]"];\n  leaf0 -> n${seq};\n}`,
  );
  expect(autograd.tape(x.detach())).toEqual([]);
});
