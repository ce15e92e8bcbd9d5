// No op without a row in the table, or PyTorch's own samples, and a doc comment.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { camelCase } from "../../conformance/call.js";
import type { Op } from "../../src/autograd/op.js";
import whole from "../conformance/whole.json" with { type: "json" };
import { meetsDifferences } from "./inputs.js";
import { rows } from "./rows.js";

const folder = new URL("../../src/ops/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));

/** Ops that users do not call: derivatives of others, which the second-order checks of those run. */
const derivatives: Readonly<Record<string, string>> = {
  conv2dInputGradient: "conv2d",
  conv2dWeightGradient: "conv2d",
  maxPool2dGradient: "maxPool2d",
  avgPool2dGradient: "avgPool2d",
  layerNormGradient: "layerNorm",
  batchNormGradient: "batchNorm",
  softmaxGradient: "softmax",
  logSoftmaxGradient: "logSoftmax",
  attentionGradient: "scaledDotProductAttention",
  crossEntropyGradient: "crossEntropy",
  ctcLossGradient: "ctcLoss",
  recurrentGradient: "recurrent",
  sliceInto: "narrow",
  part: "narrow", // of a view whose base changed in place, as withPart (test/autograd/view-programs.test.ts)
  withPart: "narrow",
  diagonalInto: "diagonal",
  windowSum: "unfold",
  indexSum: "indexSelect",
  scatterSum: "scatterAdd",
  positionsAlong: "scatter",
  scatterCombine: "scatterReduce",
  scatterProd: "scatterReduce",
  joinedPosition: "index",
};
/** Ops whose rows carry the name of the method that applies them. */
const methods: Readonly<Record<string, string>> = {
  slice: "narrow",
  normalize: "batchNorm",
  copy: "copy",
  maxUnpool: "maxUnpool2d",
  frexpExponent: "frexp",
  geluTanh: "gelu",
  recurrence: "cumprod",
  roundDecimals: "round",
  truncDivide: "div",
};

/** Operators that pass PyTorch's samples, whose derivatives test/conformance/gradcheck.test.ts checks. */
const sampled = whole.map((name) => camelCase(name.split(" ")[0]!.split(".").at(-1)!));

for (const file of files) {
  test(`every op in ${file} has a row, or PyTorch's samples`, async () => {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    const covered = new Set([...rows.map(({ op }) => op), ...sampled]);
    const missing = Object.values(module)
      .filter(isOp)
      .map(({ name }) => methods[name] ?? derivatives[name] ?? name)
      .filter((name) => !covered.has(name));
    expect(missing).toEqual([]);
  });

  test(`every derivative in ${file} meets central differences`, async () => {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    const checked = new Set([...rows.filter(meetsDifferences).map(({ op }) => op), ...sampled]);
    const missing = Object.values(module)
      .filter(isOp)
      .filter(({ backward }) => backward !== undefined && Object.keys(backward).length > 0)
      .map(({ name }) => methods[name] ?? derivatives[name] ?? name)
      .filter((name) => !checked.has(name));
    expect(missing).toEqual([]);
  });

  test(`every op in ${file} without a derivative says so`, async () => {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    const text = readFileSync(new URL(file, folder), "utf8");
    const header = text.slice(0, text.indexOf("\nimport"));
    const silent = Object.entries(module)
      .filter(([, op]) => isOp(op) && op.backward === undefined)
      .map(([name]) => name)
      .filter((name) => {
        const before = text.slice(0, text.indexOf(`export const ${name} =`));
        const doc = before.slice(before.lastIndexOf("/**"));
        return !/not differentiable|no (?:gradient|derivative)/i.test(header.replace(/\n\/\/ /g, " ") + doc);
      });
    expect(silent).toEqual([]);
  });

  test(`every op in ${file} has a doc comment`, () => {
    const lines = readFileSync(new URL(file, folder), "utf8").split("\n");
    const bare = lines.filter((line, i) => {
      return (
        /^export const \w+ = (unary|binary|define|comparison|logic|rounding|extreme|argExtreme)/.test(line) &&
        !lines[i - 1]!.endsWith("*/")
      );
    });
    expect(bare).toEqual([]);
  });
}

function isOp(value: unknown): value is Op {
  return typeof value === "object" && value !== null && "forward" in value && "shape" in value;
}
