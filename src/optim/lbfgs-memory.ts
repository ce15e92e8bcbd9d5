// What L-BFGS remembers of a function, and where it thinks that its minimum is.

import { TapegradError } from "../core/errors.js";
import { stack } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkVector } from "./saved-state.js";

/** What LBFGS remembers between iterations. */
export interface LBFGSMemory {
  funcEvals: number;
  nIter: number;
  /** The last direction and how far it was followed. */
  d?: Tensor;
  t?: number;
  /** Changes of the gradient y, of the parameters s, and 1 / (y s), the newest last. */
  oldDirs: Tensor[];
  oldStps: Tensor[];
  ro: number[];
  /** The first guess of the inverse Hessian is this times the identity. */
  hDiag: number;
  prevFlatGrad?: Tensor;
  prevLoss?: number;
}

/** Nothing remembered. */
export function fresh(): LBFGSMemory {
  return { funcEvals: 0, nIter: 0, oldDirs: [], oldStps: [], ro: [], hDiag: 1 };
}

/** Throws unless saved memory is that of a function of `size` numbers. */
export function checkMemory(saved: Partial<LBFGSMemory>, size: number): void {
  const lacks = Object.keys(fresh()).filter((name) => !Object.hasOwn(saved, name));
  if (lacks.length > 0) throw new TapegradError("loadStateDict", `the state is not LBFGS's: lacks ${lacks.join(", ")}`);
  const { oldDirs = [], oldStps = [], d, prevFlatGrad } = saved;
  const single = Object.entries({ d, prevFlatGrad }).filter(([, value]) => value !== undefined);
  for (const [name, value] of [
    ...single,
    ...oldDirs.map((y) => ["oldDirs", y] as const),
    ...oldStps.map((s) => ["oldStps", s] as const),
  ])
    checkVector(name, value, [size]);
}

/**
 * Minus the estimated inverse Hessian times the gradient, [n], after the last move is remembered. The shares of the two
 * loops stay on the GPU.
 */
export async function directionOf(memory: LBFGSMemory, gradient: Tensor, historySize: number): Promise<Tensor> {
  const { oldDirs, oldStps, ro, d, t, prevFlatGrad } = memory;
  if (d === undefined || t === undefined || prevFlatGrad === undefined) return gradient.neg();
  const y = gradient.sub(prevFlatGrad);
  const s = d.mul(t);
  const [ys, yy] = (await numbers(dot(y, s), dot(y, y))) as [number, number];
  if (ys > 1e-10) {
    if (oldDirs.length === historySize) for (const list of [oldDirs, oldStps, ro]) list.shift();
    oldDirs.push(y);
    oldStps.push(s);
    ro.push(1 / ys);
    memory.hDiag = ys / yy;
  }
  let q = gradient.neg();
  const shares: Tensor[] = [];
  for (let i = oldDirs.length - 1; i >= 0; i--) {
    shares[i] = dot(oldStps[i]!, q).mul(ro[i]!);
    q = q.sub(oldDirs[i]!.mul(shares[i]!));
  }
  let r = q.mul(memory.hDiag);
  for (let i = 0; i < oldDirs.length; i++) {
    const share = dot(oldDirs[i]!, r).mul(ro[i]!);
    r = r.add(oldStps[i]!.mul(shares[i]!.sub(share)));
  }
  return r;
}

/** The inner product of two vectors, shape []. */
export function dot(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum();
}

/** The values of tensors without dimensions, in one readback. */
export async function numbers(...tensors: readonly Tensor[]): Promise<number[]> {
  return [...(await stack(tensors).data())];
}
