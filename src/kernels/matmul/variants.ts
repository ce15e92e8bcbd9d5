// The ways in which products are computed, and which of them are good where.

import type { AdapterKind } from "../variants/adapters.js";
import type { Variant } from "../variants/variant.js";
import type { Problem } from "./problem.js";
import type { SubgroupTile } from "./subgroup.js";

export type Constants = ({ readonly kind: "registers" } | ({ readonly kind: "subgroup" } & SubgroupTile)) & {
  /** Divide k into parts of this length, computed side by side. */
  readonly chunk?: number;
};

/**
 * deep:  few results of long sums, for instance the gradient of a weight that was used often; k is divided
 * small: results that fill less than 64 tiles of 64 x 64
 * large: others
 */
export type ShapeClass = "deep" | "small" | "large";

export function classOf({ M, N, K, batches }: Pick<Problem, "M" | "N" | "K" | "batches">): ShapeClass {
  const results = batches.reduce((x, y) => x * y, M * N);
  if (K >= 1024 && results <= 128 * 128) return "deep";
  return results < 64 * 64 * 64 ? "small" : "large";
}

const CHUNK = 512;

function ofSubgroups(lanes: number, rows: number, columns: number): Variant<Constants> {
  return {
    name: `subgroups of ${lanes}, ${rows} x ${columns * lanes}`,
    needs: { features: ["subgroups"], subgroupSize: lanes },
    constants: { kind: "subgroup", lanes, rows, columns },
  };
}

export const variants: readonly Variant<Constants>[] = [
  ofSubgroups(8, 32, 4),
  ofSubgroups(8, 64, 4),
  ofSubgroups(8, 32, 8),
  ofSubgroups(4, 16, 8),
  {
    name: "registers, divided",
    needs: {},
    constants: { kind: "registers", chunk: CHUNK },
    serves: (shapeClass) => shapeClass === "deep",
  },
  { name: "registers", needs: {}, constants: { kind: "registers" } },
];

export function preferred(kind: AdapterKind, shapeClass: string): readonly string[] {
  if (kind === "llvmpipe") return [`subgroups of 8, ${shapeClass === "large" ? "32 x 64" : "32 x 32"}`];
  if (kind === "swiftshader") return ["subgroups of 4, 16 x 32"];
  return shapeClass === "deep" ? ["registers, divided"] : [];
}
