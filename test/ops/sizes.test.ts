// Kernels at sizes that do not divide into tiles, against float64 on the host.

import { beforeAll, describe, expect, test } from "vitest";
import { arange, F, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

const SIZES = [1, 2, 3, 31, 33, 64, 127, 257];

beforeAll(openDevice);

/** Numbers in [-1, 1) that repeat late. */
function numbers(count: number, salt = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1);
}

function product(a: Float32Array, b: Float32Array, M: number, K: number, N: number): number[] {
  const c = new Array<number>(M * N).fill(0);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) c[m * N + n]! += a[m * K + k]! * b[k * N + n]!;
  }
  return c;
}

/** The same values under the transposed layout. */
function turned(x: Tensor): Tensor {
  return x.mT.contiguous().mT;
}

describe("matmul", () => {
  const problems = SIZES.flatMap((size) => [
    [size, 5, 3],
    [4, size, 3],
    [4, 5, size],
    [size, size, size],
  ]) as [number, number, number][];

  test.each(problems)("[%i, %i] x [.., %i] in NN, NT, TN and TT layouts", async (M, K, N) => {
    const [a, b] = [numbers(M * K), numbers(K * N, 1)];
    const wanted = product(a, b, M, K, N);
    const [at, bt] = [tensor(a).reshape([M, K]), tensor(b).reshape([K, N])];
    for (const x of [at, turned(at)]) {
      for (const y of [bt, turned(bt)]) expectClose(await x.matmul(y).data(), wanted, 3e-5);
    }
  });

  test("a batch of more than 65,535 products", async () => {
    const batch = 65_537;
    const y = ones([batch, 1, 2]).matmul(ones([batch, 2, 1]).mul(3));
    expect(await y.sum().item()).toBe(batch * 6);
  });

  test("a view that starts inside its storage", async () => {
    const a = tensor(numbers(6 * 8)).reshape([6, 8]);
    const b = tensor(numbers(5 * 8, 1)).reshape([5, 8]);
    const y = a
      .narrow(0, 2, 3)
      .narrow(1, 1, 4)
      .matmul(b.narrow(0, 1, 4).narrow(1, 3, 2));
    const [av, bv] = [await a.narrow(0, 2, 3).narrow(1, 1, 4).data(), await b.narrow(0, 1, 4).narrow(1, 3, 2).data()];
    expectClose(await y.data(), product(Float32Array.from(av), Float32Array.from(bv), 3, 4, 2), 1e-5);
  });
});

describe("reductions", () => {
  test.each(SIZES)("of %i rows and columns over either dimension and both", async (size) => {
    for (const [rows, columns] of [
      [size, 5],
      [6, size],
      [size, size],
    ] as const) {
      const data = numbers(rows * columns);
      const x = tensor(data).reshape([rows, columns]);
      const at = (r: number, c: number): number => data[r * columns + c]!;
      const byRow = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => at(r, c)));
      const byColumn = Array.from({ length: columns }, (_, c) => Array.from({ length: rows }, (_, r) => at(r, c)));
      const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
      for (const view of [x, turned(x)]) {
        expectClose(await view.sum(1).data(), byRow.map(sum), 1e-5);
        expectClose(await view.sum(0).data(), byColumn.map(sum), 1e-5);
        expectClose(await view.mean().data(), [sum([...data]) / data.length], 1e-6);
        expectClose(
          await view.amax(1).data(),
          byRow.map((values) => Math.max(...values)),
          0,
        );
        expectClose(
          await view.amin(0).data(),
          byColumn.map((values) => Math.min(...values)),
          0,
        );
        expectClose(
          await view.argmax(1).data(),
          byRow.map((values) => values.indexOf(Math.max(...values))),
          0,
        );
        expectClose(await view.argmin().data(), [data.indexOf(Math.min(...data))], 0);
      }
    }
  });

  test("the sum of 2^25 ones is 33554432", async () => {
    expect(
      await ones([2 ** 25])
        .clone()
        .sum()
        .item(),
    ).toBe(33_554_432);
  });

  test("the sum of 2^22 tenths is right to 2e-6, along every way through memory", async () => {
    const x = zeros([2 ** 22])
      .add(0.1)
      .clone();
    const wanted = 2 ** 22 * Math.fround(0.1);
    expectClose(await x.sum().data(), [wanted], 2e-6);
    expectClose(
      await x
        .reshape([2 ** 21, 2])
        .sum(0)
        .sum()
        .data(),
      [wanted],
      2e-6,
    );
    expectClose(
      await x
        .reshape([2, 2 ** 21])
        .sum(1)
        .sum()
        .data(),
      [wanted],
      2e-6,
    );
  });

  test("more rows than workgroups fit in one dimension", async () => {
    const rows = 65_537;
    const y = ones([rows, 33]).clone().sum(1);
    expect(y.shape).toEqual([rows]);
    expect(await y.amin().item()).toBe(33);
    expect(await y.amax().item()).toBe(33);
  });

  test("variance does not cancel: three numbers around a million", async () => {
    expect(await tensor([1_000_000, 1_000_001, 1_000_002]).var().item()).toBe(1);
  });
});

describe("pointwise", () => {
  test.each([...SIZES, 65_535 * 256 + 1])("%i elements, to the last one", async (size) => {
    const x = arange(size, { dtype: "int32" }).mul(2).add(1);
    expect(await x.narrow(0, size - 1, 1).item()).toBe(2 * size - 1);
    expect(await x.argmax().item()).toBe(size - 1);
  });

  test.each(SIZES)("broadcasting [%i, 1] with [n] and with a scalar", async (size) => {
    const [a, b] = [numbers(size), numbers(size, 1)];
    const y = tensor(a).unsqueeze(1).add(tensor(b)).mul(tensor(2));
    expectClose(
      await y.data(),
      [...a].flatMap((u) => [...b].map((v) => (u + v) * 2)),
      1e-6,
    );
  });

  test("an operand used several times, some of it through a view", async () => {
    const x = tensor(numbers(9)).reshape([3, 3]);
    const y = x.add(x.T).mul(x).sub(x.select(0, 1));
    const v = [...numbers(9)];
    const wanted = v.map((u, i) => (u + v[(i % 3) * 3 + Math.floor(i / 3)]!) * u - v[3 + (i % 3)]!);
    expectClose(await y.data(), wanted, 1e-6);
  });
});

describe("softmax and cross-entropy", () => {
  test.each(SIZES)("rows of %i", async (size) => {
    const data = numbers(3 * size).map((v) => v * 20);
    const x = tensor(data).reshape([3, size]);
    const rows = [0, 1, 2].map((r) => [...data.subarray(r * size, (r + 1) * size)]);
    const logSums = rows.map((row) => Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0)));
    expectClose(
      await x.softmax(1).data(),
      rows.flatMap((row, r) => row.map((v) => Math.exp(v - logSums[r]!))),
      2e-6,
    );
    expectClose(
      await x.T.logSoftmax(0).T.data(),
      rows.flatMap((row, r) => row.map((v) => v - logSums[r]!)),
      2e-6,
    );
    const labels = [0, size - 1, Math.floor(size / 2)];
    const loss = rows.reduce((sum, row, r) => sum + logSums[r]! - row[labels[r]!]!, 0) / 3;
    expectClose(await F.crossEntropy(x, tensor(labels, { dtype: "int32" })).data(), [loss], 2e-6);
  });
});

test("cross-entropy of more logits than one workgroup takes, with its gradient", async () => {
  const [N, C] = [70, 500];
  const data = numbers(N * C).map((v) => v * 9);
  const labels = Int32Array.from({ length: N }, (_, i) => (i * 131) % C);
  let loss = 0;
  const gradient: number[] = [];
  for (let n = 0; n < N; n++) {
    const row = [...data.subarray(n * C, (n + 1) * C)];
    const logSum = Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0));
    loss += (logSum - row[labels[n]!]!) / N;
    gradient.push(...row.map((v, c) => (Math.exp(v - logSum) - Number(c === labels[n])) / N));
  }
  const x = tensor(data).reshape([N, C]).detach().requiresGrad_();
  const y = F.crossEntropy(x, tensor(labels));
  y.backward();
  expectClose(await y.data(), [loss], 1e-6);
  expectClose(await x.grad!.data(), gradient, 1e-7, "dx");
});

describe("convolution", () => {
  const cases = [
    { N: 1, C: 1, O: 1, H: 33, W: 31, K: 3, stride: 1, padding: 1 },
    { N: 3, C: 2, O: 9, H: 7, W: 64, K: 5, stride: 2, padding: 0 },
    { N: 2, C: 33, O: 3, H: 5, W: 5, K: 1, stride: 1, padding: 0 },
    { N: 1, C: 3, O: 31, H: 12, W: 13, K: 4, stride: 3, padding: 2 },
  ];

  test.each(cases)("$O channels of $C over $H x $W, kernel $K", async ({ N, C, O, H, W, K, stride, padding }) => {
    const [x, w, b] = [numbers(N * C * H * W), numbers(O * C * K * K, 1), numbers(O, 2)];
    const OH = Math.floor((H + 2 * padding - K) / stride) + 1;
    const OW = Math.floor((W + 2 * padding - K) / stride) + 1;
    const wanted: number[] = [];
    const dx = new Array<number>(x.length).fill(0);
    const dw = new Array<number>(w.length).fill(0);
    for (let n = 0; n < N; n++)
      for (let o = 0; o < O; o++)
        for (let oh = 0; oh < OH; oh++)
          for (let ow = 0; ow < OW; ow++) {
            let sum = b[o]!;
            const dy = Math.fround(Math.sin(wanted.length));
            for (let c = 0; c < C; c++)
              for (let i = 0; i < K; i++)
                for (let j = 0; j < K; j++) {
                  const [ih, iw] = [oh * stride + i - padding, ow * stride + j - padding];
                  if (ih < 0 || iw < 0 || ih >= H || iw >= W) continue;
                  const [xi, wi] = [((n * C + c) * H + ih) * W + iw, ((o * C + c) * K + i) * K + j];
                  sum += x[xi]! * w[wi]!;
                  dx[xi]! += dy * w[wi]!;
                  dw[wi]! += dy * x[xi]!;
                }
            wanted.push(sum);
          }
    const xt = tensor(x).reshape([N, C, H, W]).detach().requiresGrad_();
    const wt = tensor(w).reshape([O, C, K, K]).detach().requiresGrad_();
    const y = F.conv2d(xt, wt, tensor(b), { stride, padding });
    y.backward(tensor(wanted.map((_, i) => Math.sin(i))).reshape(y.shape));
    expectClose(await y.data(), wanted, 3e-5);
    expectClose(await xt.grad!.data(), dx, 3e-5, "dx");
    expectClose(await wt.grad!.data(), dw, 1e-4, "dw");
  });
});

describe("scatter", () => {
  test("heavy repeats: 1,000 rows into one, and into a few, twice the same", async () => {
    const src = tensor(numbers(1000 * 3)).reshape([1000, 3]);
    const values = [...numbers(3000)];
    for (const bins of [1, 7]) {
      const index = tensor(Int32Array.from({ length: 1000 }, (_, i) => (i * i) % bins));
      const wanted = new Array<number>(bins * 3).fill(0);
      values.forEach((value, i) => (wanted[(Math.floor(i / 3) ** 2 % bins) * 3 + (i % 3)]! += value));
      const once = await zeros([bins, 3]).indexAdd(0, index, src).data();
      expectClose(once, wanted, 1e-5);
      expect(await zeros([bins, 3]).indexAdd(0, index, src).data()).toEqual(once);
    }
  });
});
