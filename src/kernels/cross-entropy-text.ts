// What cross-entropy kernels call: an element of x, and what weights of classes and smoothing make of a row.

import type { Additions } from "./source.js";

/** What a cross-entropy kernel can do. */
export interface Options {
  readonly isTotal: boolean;
  /** Whether logits are read as vectors of four. */
  readonly isVector: boolean;
  readonly isSmooth: boolean;
  /** How weights are stored; "" if there are none. */
  readonly weights: string;
}

/**
 * WGSL that says what becomes of a row's loss, `own`, where w are the weights and s is the smoothing:
 *     (1 - s) w[label] own + s mean_c w[c] (m - x[c] + log_sum)
 * and of its mass, (1 - s) w[label] + s mean_c w[c]. The row counts w[label].
 */
export function optionsOf({ isTotal, isVector, isSmooth, weights }: Options): { text: string; additions: Additions } {
  const hasMass = isSmooth || weights !== "";
  const keep = (what: string): string => (hasMass ? `out[p.${what}_offset + r] = ${what};` : "");
  const own = isSmooth
    ? "(1.0 - p.smoothing) * weight_of(label) * own + p.smoothing * spread.x"
    : "weight_of(label) * own";
  const mass = isSmooth ? "(1.0 - p.smoothing) * weight_of(label) + p.smoothing * spread.y" : "weight_of(label)";
  const text = [
    `fn weight_of(c: u32) -> f32 { return ${weights === "" ? "1.0" : "f32(weights[p.weights_offset + c])"}; }`,
    `fn logit_at(i: u32) -> f32 { return f32(x[${isVector ? "i / 4][i % 4" : "i"}]); }`,
    `fn keep_mass(r: u32, mass: f32) { ${keep("mass")} }`,
    ...(isTotal
      ? []
      : [`fn keep_loss(r: u32, loss: f32, share: f32) { out[p.loss_offset + r] = loss; ${keep("share")} }`]),
    `fn weighed(r: u32, own: f32, label: u32, spread: vec2f) -> vec2f {
  keep_mass(r, ${mass});
  return vec2f(${own}, weight_of(label));
}`,
    isSmooth
      ? spreading(isTotal)
      : "fn spread_of(start: u32, m: f32, log_sum: f32, lane: u32) -> vec2f { return vec2f(); }",
  ];
  const params = [
    ...(hasMass ? [{ name: "mass_offset", type: "u32" as const }] : []),
    ...(hasMass && !isTotal ? [{ name: "share_offset", type: "u32" as const }] : []),
    ...(isSmooth ? [{ name: "smoothing", type: "f32" as const }] : []),
    ...(weights === "" ? [] : [{ name: "weights_offset", type: "u32" as const }]),
  ];
  const buffers = weights === "" ? [] : [{ name: "weights", access: "read", type: `array<${weights}>` } as const];
  return { text: text.join("\n"), additions: { buffers, params } };
}

function spreading(isTotal: boolean): string {
  const [first, step] = isTotal ? ["0u", "1u"] : ["lane % LANES", "LANES"];
  const sum = (x: string): string => (isTotal ? x : `sum_over_row(${x}, lane)`);
  return `fn spread_of(start: u32, m: f32, log_sum: f32, lane: u32) -> vec2f {
  var sums = vec2f();
  for (var c = ${first}; c < p.C; c += ${step}) {
    let w = weight_of(c);
    sums += vec2f(w * ((m - logit_at(start + c * p.inner)) + log_sum), w);
  }
  return vec2f(${sum("sums.x")}, ${sum("sums.y")}) / f32(p.C);
}`;
}
