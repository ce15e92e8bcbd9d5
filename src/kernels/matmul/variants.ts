// The ways in which products are computed, and which of them are good where.

import type { AdapterKind } from "../variants/adapters.js";
import type { FloatType } from "../variants/operands.js";
import type { Variant } from "../variants/variant.js";
import type { Problem } from "./problem.js";
import { type SharedTile, sharedBytes } from "./shared.js";
import type { SubgroupTile } from "./subgroup.js";
import { matrixBytes, type SubgroupMatrixTile } from "./subgroup-matrix.js";

export type Constants = (
  | { readonly kind: "registers" }
  | ({ readonly kind: "subgroup" } & SubgroupTile)
  | ({ readonly kind: "shared" } & SharedTile)
  | ({ readonly kind: "subgroup matrix" } & SubgroupMatrixTile)
) & {
  /** Divide k into parts of this length, computed side by side. */
  readonly chunk?: number;
};

/**
 * deep:  few results of long sums, for instance the gradient of a weight that was used often; k is divided
 * small: results that fill less than 64 tiles of 64 x 64
 * large: results that fill less than 512
 * huge:  others
 */
export const sizeClasses = ["deep", "small", "large", "huge"] as const;
export type SizeClass = (typeof sizeClasses)[number];

/** float16 and float32 are measured apart: what is fast for one need not be for the other. */
export type ShapeClass = SizeClass | `${SizeClass}, float16`;

export function inFloat(size: SizeClass, dtype: FloatType): ShapeClass {
  return dtype === "float16" ? `${size}, float16` : size;
}

export function sizeClassOf({ M, N, K, batches }: Pick<Problem, "M" | "N" | "K" | "batches">): SizeClass {
  const results = batches.reduce((x, y) => x * y, M * N);
  if (K >= 1024 && results <= 128 * 128) return "deep";
  if (results < 64 * TILE) return "small";
  return results < 512 * TILE ? "large" : "huge";
}

const TILE = 64 * 64;
const CHUNK = 512;
const sizeIn = (shapeClass: string): string => shapeClass.split(", ")[0]!;
const isFloat16 = (shapeClass: string): boolean => shapeClass.endsWith("float16");
const isDeep = (shapeClass: string): boolean => sizeIn(shapeClass) === "deep";

function ofWorkgroups(side: number, each: number, depth: number): Variant<Constants>[] {
  const tile = { side, each, depth };
  const name = `workgroup memory, ${side * each} x ${side * each}`;
  const needs = { workgroupBytes: sharedBytes(tile) };
  const constants = { kind: "shared", ...tile } as const;
  return [
    { name, needs, constants },
    { name: `${name}, divided`, needs, constants: { ...constants, chunk: CHUNK }, serves: isDeep },
  ];
}

function ofSubgroups(lanes: number, rows: number, columns: number): Variant<Constants> {
  return {
    name: `subgroups of ${lanes}, ${rows} x ${columns * lanes}`,
    needs: { features: ["subgroups"], subgroupSize: lanes },
    constants: { kind: "subgroup", lanes, rows, columns },
  };
}

/** Products of `component` on matrix units, which add up in float32: never of less than the operands hold. */
function ofMatrices(
  component: "f16" | "f32",
  [M, N, K]: readonly [number, number, number],
  side: number,
  depth: number,
): Variant<Constants> {
  const tile = { matrix: { component, result: "f32", M, N, K }, side, depth } as const;
  const feature = "chromium-experimental-subgroup-matrix" as GPUFeatureName; // not in @webgpu/types
  return {
    name: `subgroup matrices of ${component}, ${M} x ${N} x ${K}, ${side} x ${side}`,
    needs: {
      features: [feature, "subgroups", ...(component === "f16" ? (["shader-f16"] as const) : [])],
      subgroupMatrix: tile.matrix,
      workgroupBytes: matrixBytes(tile),
    },
    constants: { kind: "subgroup matrix", ...tile },
    serves: (shapeClass) => isFloat16(shapeClass) === (component === "f16"),
  };
}

const matrixVariants: readonly Variant<Constants>[] = [
  // All within the 16 KiB of workgroup memory that every device has.
  ofMatrices("f16", [16, 16, 16], 128, 16),
  ofMatrices("f16", [16, 16, 16], 64, 32),
  ofMatrices("f16", [8, 16, 16], 64, 32),
  ofMatrices("f16", [8, 8, 8], 64, 32),
  ofMatrices("f32", [8, 8, 8], 64, 16),
];

export const variants: readonly Variant<Constants>[] = [
  ...matrixVariants,
  ofSubgroups(8, 32, 4),
  ofSubgroups(8, 64, 4),
  ofSubgroups(8, 32, 8),
  ofSubgroups(4, 16, 8),
  ...ofWorkgroups(8, 4, 16),
  ...ofWorkgroups(16, 4, 16),
  ...ofWorkgroups(16, 8, 8),
  {
    name: "registers, divided",
    needs: {},
    constants: { kind: "registers", chunk: CHUNK },
    serves: isDeep,
  },
  { name: "registers", needs: {}, constants: { kind: "registers" } },
];

export function preferred(kind: AdapterKind, shapeClass: string): readonly string[] {
  const size = sizeIn(shapeClass);
  switch (kind) {
    case "llvmpipe":
      return [`subgroups of 8, ${size === "small" || size === "deep" ? "32 x 32" : "32 x 64"}`];
    case "swiftshader":
      return ["subgroups of 4, 16 x 32"];
    default: // GPUs: enough workgroups first, then large tiles
      if (size === "deep") return ["workgroup memory, 32 x 32, divided", "registers, divided"];
      if (size === "small") return ["workgroup memory, 32 x 32"];
      return [
        ...matrixVariants.filter(({ name }) => size === "huge" || name.endsWith(" 64 x 64")).map(({ name }) => name),
        `workgroup memory, ${size === "huge" ? "128 x 128" : "64 x 64"}`,
      ];
  }
}
