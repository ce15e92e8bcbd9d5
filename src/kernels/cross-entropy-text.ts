// What cross-entropy kernels call: an element of x, and what weights of classes and smoothing make of a row.

import type { Additions } from "./source.js";

export function logitOf(isVector: boolean): string {
  return `fn logit_at(i: u32) -> f32 { return f32(x[${isVector ? "i / 4][i % 4" : "i"}]); }`;
}

/** What a cross-entropy kernel can do. */
export interface Options {
  readonly isTotal: boolean;
  readonly isSmooth: boolean;
  /** How weights are stored; "" if there are none. */
  readonly weights: string;
}

/**
 * WGSL that says what becomes of a row's loss, `own`, where w are the weights and s is the smoothing:
 *     (1 - s) w[label] own + s mean_c w[c] (m - x[c] + log_sum)
 * and of its mass, (1 - s) w[label] + s mean_c w[c]. The row counts w[label].
 */
export function optionsOf({ isTotal, isSmooth, weights }: Options): { text: string; additions: Additions } {
  const store = (what: string, isKept: boolean): string => {
    return `fn keep_${what}(r: u32, ${what}: f32) { ${isKept ? `out[p.${what}_offset + r] = ${what};` : ""} }`;
  };
  const hasMass = isSmooth || weights !== "";
  const keepLoss = `fn keep_loss(r: u32, loss: vec2f) { out[p.loss_offset + r] = loss.x; ${hasMass ? "out[p.share_offset + r] = loss.y;" : ""} }`;
  const own = isSmooth
    ? "(1.0 - p.smoothing) * weight_of(label) * own + p.smoothing * spread.x"
    : "weight_of(label) * own";
  const mass = isSmooth ? "(1.0 - p.smoothing) * weight_of(label) + p.smoothing * spread.y" : "weight_of(label)";
  const text = [
    `fn weight_of(c: u32) -> f32 { return ${weights === "" ? "1.0" : "f32(weights[p.weights_offset + c])"}; }`,
    store("mass", hasMass),
    ...(isTotal ? [] : [keepLoss]),
    `fn weighed(r: u32, own: f32, label: u32, spread: vec2f) -> vec2f {
  keep_mass(r, ${mass});
  return vec2f(${own}, weight_of(label));
}`,
    isSmooth
      ? spreading(isTotal)
      : "fn spread_of(start: u32, m: f32, log_sum: f32, lane: u32) -> vec2f { return vec2f(); }",
  ];
  const fields = [
    ...(hasMass ? (["mass_offset", "share_offset"] as const).map((name) => ({ name, type: "u32" as const })) : []),
    ...(hasMass ? [{ name: "smoothing", type: "f32" as const }] : []),
    ...(weights === "" ? [] : [{ name: "weights_offset", type: "u32" as const }]),
  ];
  const buffers = weights === "" ? [] : [{ name: "weights", access: "read", type: `array<${weights}>` } as const];
  return { text: text.join("\n"), additions: { buffers, params: fields } };
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
