// The text of a product's kernel that also adds up the rows of its first operand.

/** What each lane adds up: `terms` of one step of k, of `type`, handed on at the end by `store`, which finds the sums in `s`. */
export interface RowSums {
  readonly type: "f32" | "vec4f";
  readonly terms: readonly string[];
  readonly store: string;
}

export function withRowSums(
  slots: Readonly<Record<string, string>>,
  { type, terms, store }: RowSums,
): Record<string, string> {
  return {
    ...slots,
    sums: `${slots["sums"]}\n${terms.map((_, i) => `var s${i} = ${type}();`).join(" ")}`,
    step: `${slots["step"]}\n${terms.map((term, i) => `s${i} += ${term};`).join(" ")}`,
    row_sums: `var s = array<${type}, ${terms.length}>(${terms.map((_, i) => `s${i}`)});\n${store}`,
  };
}
