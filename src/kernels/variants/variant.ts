// Kernels in variants. A family (matmul, conv2d) computes one thing in several ways, its variants, and which of them is
// fastest depends on the adapter and on the problem's shape class. How to use this from a launcher:
//
//   export const family = defineFamily<Constants>({ name, variants, preferred, typical, checks });
//   const { constants } = chooseVariant(device, family, shapeClass);   // choice.ts; a look-up in a map
//
// Launchers choose when they launch, not when they build a recipe, so that tune.ts and self-test.ts can impose a variant.
// A choice is taken, in this order, from what `tg.tune()` measured on this adapter, from the family's `preferred` list,
// and else is the last variant. Only variants are considered that the device can run (`Needs`), that serve the shape
// class, and, if they rely on anything drivers are known to compute wrong, that passed their self-test (self-test.ts).

import type { SubgroupMatrix } from "../../runtime/acquire.js";
import type { Device } from "../../runtime/device.js";
import type { NDArray } from "../array.js";
import type { AdapterKind } from "./adapters.js";

/** What a variant asks of a device. One that asks for subgroups, workgroup memory or a feature has to be self-tested. */
export interface Needs {
  readonly features?: readonly GPUFeatureName[];
  /** Every subgroup has this many lanes. */
  readonly subgroupSize?: number;
  /** Lanes in a workgroup, where more than the 256 that every device allows. */
  readonly invocations?: number;
  readonly workgroupBytes?: number;
  /** A product that the adapter's matrix units can compute. */
  readonly subgroupMatrix?: SubgroupMatrix;
}

export interface Variant<Constants> {
  /** Unique in its family; measurements are remembered under it. */
  readonly name: string;
  readonly needs: Needs;
  readonly constants: Constants;
  /** Whether it can compute problems of a class at all; without it, all. */
  readonly serves?: (shapeClass: string) => boolean;
}

/** A problem to time variants on: `run` returns an array that is launched by `realize`. */
export interface Trial {
  readonly shapeClass: string;
  readonly run: () => NDArray;
}

/** A small problem with a known result, in numbers small enough to be exact. */
export interface Check extends Trial {
  readonly expected: ArrayLike<number>;
}

export interface Family<Constants> {
  readonly name: string;
  /** Those of `typical`, without making its operands; the self-tests at start-up ask. */
  readonly shapeClasses?: (device: Device) => readonly string[];
  /** The last one needs nothing and serves every class. */
  readonly variants: readonly Variant<Constants>[];
  /** Names of variants in falling order for an adapter nobody has measured here; may name some that it cannot run. */
  readonly preferred: (kind: AdapterKind, shapeClass: string) => readonly string[];
  /** For `tg.tune()`: a typical problem of each shape class. Operands are made once, outside `run`. */
  readonly typical: (device: Device) => readonly Trial[];
  /** For self-tests: problems that together use all of a variant's code. */
  readonly checks: (device: Device) => readonly Check[];
}

const families: Family<unknown>[] = [];

/** A family, which `tg.tune()` and the self-tests know from now on. */
export function defineFamily<Constants>(family: Family<Constants>): Family<Constants> {
  families.push(family);
  return family;
}

/** The families whose kernels the program has loaded. */
export function allFamilies(): readonly Family<unknown>[] {
  return families;
}

/** Whether a device has what a variant asks for. */
export function canRun({ needs }: Variant<unknown>, { gpu, adapter, limits }: Device): boolean {
  const { features = [], subgroupSize, invocations = 0, workgroupBytes = 0, subgroupMatrix: wanted } = needs;
  return (
    features.every((feature) => gpu.features.has(feature)) &&
    (subgroupSize === undefined ||
      (gpu.features.has("subgroups") &&
        adapter.subgroupSizes?.[0] === subgroupSize &&
        adapter.subgroupSizes[1] === subgroupSize)) &&
    (wanted === undefined || adapter.subgroupMatrices.some((matrix) => isSameMatrix(matrix, wanted))) &&
    invocations <= limits.maxComputeInvocationsPerWorkgroup &&
    workgroupBytes <= limits.maxComputeWorkgroupStorageSize
  );
}

function isSameMatrix(a: SubgroupMatrix, b: SubgroupMatrix): boolean {
  return a.component === b.component && a.result === b.result && a.M === b.M && a.N === b.N && a.K === b.K;
}

/** Whether a variant relies on what some drivers compute wrong: subgroups, workgroup memory, optional features. */
export function isAtRisk({ needs: { features = [], subgroupSize, workgroupBytes = 0 } }: Variant<unknown>): boolean {
  return features.length > 0 || subgroupSize !== undefined || workgroupBytes > 0;
}

/** Whether a variant relies on what the project's own tests cannot try: no adapter that they run on has it. */
export function isExperimental({ needs: { subgroupMatrix } }: Variant<unknown>): boolean {
  return subgroupMatrix !== undefined;
}
