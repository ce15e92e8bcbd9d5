// How attention's kernels read a mask.

/** What a mask says: nothing, who may attend, who may not, or what is added to the scores. */
export type MaskKind = "none" | "allowed" | "excluded" | "float";

/** The code for `y`: the scores `x` of four columns from `column` on, masked. */
export function masking(kind: MaskKind): string {
  if (kind === "none") return "let y = x;";
  const value = "mask[at + min(column + j, p.columns - 1) * p.mask_column]";
  const isTaken = kind === "allowed" ? "!= 0" : "== 0";
  const one = kind === "float" ? `y.x + f32(${value})` : `select(p.masked, y.x, ${value} ${isTaken})`;
  return `let at = p.mask_offset + batch * p.mask_batch + head * p.mask_head + min(row, p.rows - 1) * p.mask_row;
  var y = x;
  for (var j = 0u; j < 4 + (p.rows >> 31); j++) { y = vec4f(y.yzw, ${one}); }`;
}
