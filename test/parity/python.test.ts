// Sources of training runs: what they say is what is computed, and what is not understood is an error.

import { nn, type Tensor, tensor } from "tapegrad";
import { beforeAll, expect, test } from "vitest";
import { programOf } from "../../parity/python/program.js";
import { judgeTraining, type TrainingFile } from "../../parity/training.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** A source whose model has these lines for __init__ and forward, and this loss. */
function sourceOf(init: string, forward: string, loss: string): string {
  const [made, run] = [init, forward].map((lines) => lines.replaceAll("\n", "\n        "));
  return `class M(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        ${made}

    def forward(self, x):  # x: [B, n]
        ${run}

def loss_of(m, d):
    return ${loss}
`;
}

/** The loss with all parameters 0.5 and x = [[1, -1]]. */
async function lossOf(init: string, forward: string, loss = `m(d["x"]).sum()`): Promise<number> {
  const program = programOf(sourceOf(init, forward, loss));
  for (const parameter of program.model.parameters()) nn.init.constant_(parameter, 0.5);
  return (program.loss([program.model, new Map([["x", tensor([[1, -1]])]])], {}) as Tensor).item();
}

test("layers, activations and their arguments are those of the source", async () => {
  // 0.5 - 0.5 + 0.5 = 0.5 in each of the hidden places, then 2 * 0.5 * tanh(0.5)
  const layers = "self.net = nn.Sequential(nn.Linear(n, out_features=n), nn.Tanh(), nn.Linear(2, 1, bias=False))";
  expect(await lossOf(layers, "return self.net(x)")).toBeCloseTo(Math.tanh(0.5), 6);
  // activations as values, loops over modules, branches
  const listed = "self.e = nn.ModuleList([nn.Linear(n, n) for _ in range(2)])\nself.act = torch.sigmoid";
  const looped =
    "for e in self.e:\n    x = self.act(e(x))\nif self.act is None:\n    return x\nelse:\n    return x[:, -1]";
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  expect(await lossOf(listed, looped)).toBeCloseTo(sigmoid(sigmoid(0.5) + 0.5), 6);
});

test("factors of the loss are those of the source", async () => {
  // 2 - 1e-2 * 1 / 2 ** 2
  const loss = `(2 - 1e-2 * m(d["x"]).sum() / 2 ** 2)`;
  expect(await lossOf("self.l = nn.Linear(n, 2)", "return self.l(x)", loss)).toBeCloseTo(1.9975, 6);
});

test.each([
  ["self.l = nn.Linear(n, 2, device=3)", "return self.l(x)", "Linear device"],
  ["self.l = nn.Linear(n, 2)", "return F.nothing(self.l(x))", "F.nothing"],
  ["self.l = nn.Linear(n, 2)", "return torch.nothing(self.l(x))", "torch.nothing"],
  ["self.l = nn.Linear(n, 2)", "return (lambda y: y)(self.l(x))", "lambda"],
  ["self.l = nn.Linear(n, 2)", "while True:\n    return x", "while True:"],
  ["self.l = nn.Linear(n, 2)", "return F.mse_loss(x, x, False)", "size_average"],
])("%s; %s is an error that says %s", async (init, forward, wanted) => {
  await expect(lossOf(init, forward)).rejects.toThrow(wanted);
});

test("a scheduler that steps at another time is an error", async () => {
  const scheduler = { name: "ExponentialLR", args: { gamma: 0.5 }, stepped: "every epoch" };
  const hyper = { optimizer: { name: "SGD", args: {} }, scheduler };
  const file = { name: "x", hyper, source: "", loss64: [], finalStateDict64: {} } as unknown as TrainingFile;
  expect((await judgeTraining(file)).failures).toEqual([expect.stringContaining('steps "every epoch"')]);
});
