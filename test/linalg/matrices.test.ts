// What PyTorch's samples do not cover: matrices above the kernels' size switch, and matrices that cannot be worked with.

import { beforeAll, expect, test } from "vitest";
import { type Device, eye, LinAlgError, linalg, matrixExp, type Tensor, tensor, zeros } from "../../src/index.js";
import { rand, randn } from "../../src/tensor/random.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const largest = async (x: Tensor): Promise<number> => (await x.abs().amax().item()) as number;

// 80 rows are above the 64 from which on a workgroup has more lanes and each sweep a launch of its own.
const SIZES = [7, 80];

for (const n of SIZES) {
  // Errors of float32 grow like n eps |A|: 80 * 6e-8 * 10.
  const tolerance = 1e-4;

  test(`n = ${n}: P L U is A`, async () => {
    const A = randn([2, n + 3, n]);
    const { P, L, U } = linalg.lu(A);
    expect(await largest(P.matmul(L).matmul(U).sub(A))).toBeLessThan(tolerance);
  });

  test(`n = ${n}: Q R is A, and Q's columns are orthonormal`, async () => {
    const A = randn([2, n + 3, n]);
    const { Q, R } = linalg.qr(A);
    expect(await largest(Q.matmul(R).sub(A))).toBeLessThan(tolerance);
    expect(await largest(Q.mT.matmul(Q).sub(eye(n)))).toBeLessThan(tolerance);
  });

  test(`n = ${n}: V diag(w) V^T is A, and V is orthogonal`, async () => {
    const B = randn([2, n, n]);
    const A = B.add(B.mT);
    const { eigenvalues: w, eigenvectors: V } = linalg.eigh(A);
    const scale = 10; // |A| is about 3 sqrt(n)
    expect(await largest(V.mul(w.unsqueeze(-2)).matmul(V.mT).sub(A))).toBeLessThan(scale * tolerance);
    expect(await largest(V.mT.matmul(V).sub(eye(n)))).toBeLessThan(tolerance);
  });

  test(`n = ${n}: U diag(S) Vh is A, of half the rank too, and U is orthogonal`, async () => {
    const A = randn([n + 3, n >> 1]).matmul(randn([n >> 1, n]));
    const { U, S, Vh } = linalg.svd(A);
    const scale = 10; // |A| is about n / 2
    expect(await largest(U.narrow(-1, 0, n).mul(S).matmul(Vh).sub(A))).toBeLessThan(scale * tolerance);
    expect(await largest(U.mT.matmul(U).sub(eye(n + 3)))).toBeLessThan(tolerance);
    expect(await linalg.matrixRank(A).item()).toBe(n >> 1);
  });

  test(`n = ${n}: L L^T is A, and solving gives the right-hand side back`, async () => {
    const B = rand([n, n]);
    const A = B.matmul(B.mT).add(eye(n).mul(n));
    const L = linalg.cholesky(A);
    expect(await largest(L.matmul(L.mT).sub(A))).toBeLessThan(tolerance * n);
    const b = randn([n, 3]);
    expect(await largest(A.matmul(linalg.solve(A, b)).sub(b))).toBeLessThan(tolerance);
  });
}

test("values far from 1 lose no digits", async () => {
  const A = tensor([
    [3e-25, 4e-25],
    [0, 1e-25],
  ]);
  // A^T A has the trace 26e-50 and the determinant 9e-100: s^2 = (13 +- sqrt(160)) 1e-50.
  const S = await linalg.svdvals(A).mul(1e25).data();
  expect(S[0]).toBeCloseTo(Math.sqrt(13 + Math.sqrt(160)), 4);
  expect(S[1]).toBeCloseTo(Math.sqrt(13 - Math.sqrt(160)), 4);
  const { R } = linalg.qr(A.mT);
  expect(Math.abs((await R.mul(1e25).data())[0]!)).toBeCloseTo(5, 4);
});

test("the exponential of a large negative matrix is 0, and of a rotation a rotation", async () => {
  expect(await largest(matrixExp(eye(3).mul(-200)))).toBe(0);
  const turned = await matrixExp(
    tensor([
      [0, -Math.PI],
      [Math.PI, 0],
    ]),
  ).data();
  expect(turned[0]).toBeCloseTo(-1, 4);
  expect(turned[1]).toBeCloseTo(0, 4);
});

test("a singular matrix is an error at the next await, and info with the ex variant", async () => {
  const A = zeros([2, 3, 3]).add(tensor([1, 0]).reshape([2, 1, 1]).mul(eye(3)));
  linalg.inv(A);
  await expect(device.synchronize()).rejects.toThrow(LinAlgError);
  linalg.solve(A, randn([2, 3, 1]));
  await expect(device.synchronize()).rejects.toThrow(
    /linalg.solve: in matrix 1 of the batch, the matrix is singular: element 1 of U's diagonal is 0/,
  );
  expect(await linalg.invEx(A).info.toArray()).toEqual([0, 1]);
});

test("a matrix that is not positive definite is an error at the next await, and info with the ex variant", async () => {
  const A = tensor([
    [1, 2],
    [2, 1],
  ]);
  linalg.cholesky(A);
  await expect(device.synchronize()).rejects.toThrow(
    /linalg.cholesky: the matrix is not positive definite: .* order 2 /,
  );
  expect(await linalg.choleskyEx(A).info.item()).toBe(2);
});

test("what is no matrix, or no float32, is refused", () => {
  expect(() => linalg.det(zeros([2, 3]))).toThrow("linalg.det: shape [2, 3]: the matrix must be square");
  expect(() => linalg.inv(zeros([3]))).toThrow("must be a matrix");
  expect(() => linalg.qr(zeros([3, 3], { dtype: "int32" }))).toThrow('takes float32, got int32: use to("float32")');
  expect(() => linalg.solve(zeros([3, 3]), zeros([2, 1]))).toThrow("[3, 3] and [2, 1]");
});
