// Losses as modules.

export * from "./loss/classification.js";
export * from "./loss/ctc.js";
export * from "./loss/embedding.js";
export type { LegacyReduction } from "./loss/legacy.js";
export * from "./loss/margin.js";
export * from "./loss/regression.js";
