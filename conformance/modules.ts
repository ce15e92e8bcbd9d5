// One module case: constructed, loaded, run forward and backward, compared with PyTorch.

import { nn, type Tensor } from "tapegrad";
import { argumentsOf } from "./call.js";
import type { Encoded, ModuleCase, Parameter } from "./cases.js";
import { compare, compareOutputs, type Difference, parts, type Tolerance } from "./compare.js";
import { decode, type Leaves } from "./decode.js";
import { compareGradients, type WantedGradient } from "./gradients.js";
import { type Found, type Missing, type Verdict, verdictOn } from "./verdict.js";

/** Parameters of PyTorch's forward methods that have a default; the cases do not say. */
const OPTIONAL = new Set([
  "hx",
  "key_padding_mask",
  "need_weights",
  "attn_mask",
  "average_attn_weights",
  "src_mask",
  "src_key_padding_mask",
  "offsets",
  "per_sample_weights",
  "output_size",
]);

/** Arguments whose None is not their default. */
const NULL_MEANS_ITSELF = new Set(["momentum"]);

type ModuleClass = new (...args: unknown[]) => nn.Module & { forward(...args: unknown[]): unknown };

export function judgeModule(test: ModuleCase): Promise<Verdict> {
  return verdictOn(
    () => classOf(test),
    async ({ Module }) => {
      const module = new Module(...argumentsOf(test.init, new Map(), NULL_MEANS_ITSELF));
      const names = Object.keys(test.stateDict).join(", ");
      const ownNames = Object.keys(module.stateDict()).join(", ");
      if (ownNames !== names) return `state dict has [${ownNames}], wanted [${names}]`;
      module.loadStateDict(decode({ dict: test.stateDict }, new Map()) as nn.StateDict);
      module.train(test.training);

      const leaves: Leaves = new Map();
      const results = parts(await module.forward(...forwardArguments(test, leaves)), test.out);
      return (
        (await compareOutputs(results, test)) ??
        (await compareState(test, module)) ??
        (await compareGradients(results, test.cotangents, [
          ...wantedGradients(test, test.grads, (id) => leaves.get(Number(id))),
          ...wantedGradients(test, test.paramGrads, parametersOf(module)),
        ]))
      );
    },
  );
}

function classOf({ module }: ModuleCase): (Found & { readonly Module: ModuleClass }) | Missing {
  const name = `nn.${module}`;
  const found = (nn as Record<string, unknown>)[module];
  return typeof found === "function" ? { name, Module: found as ModuleClass } : { missing: name };
}

function forwardArguments({ forward: { args, kwargs, names } }: ModuleCase, leaves: Leaves): unknown[] {
  const parameter = (name: string, where: string): Parameter => [name, OPTIONAL.has(name) ? "opt" : "req", where];
  const sig = [
    ...names.map((name, i) => parameter(name, `args.${i}`)),
    ...Object.keys(kwargs).map((name) => parameter(name, `kwargs.${name}`)),
  ];
  return argumentsOf({ args, kwargs, sig }, leaves);
}

async function compareState({ stateAfter = {}, ...tolerance }: ModuleCase, module: nn.Module): Promise<Difference> {
  const state = module.stateDict();
  for (const [name, wanted] of Object.entries(stateAfter)) {
    const difference = await compare(state[name], wanted, "value", tolerance);
    if (difference !== undefined) return `${name} afterwards ${difference}`;
  }
  return undefined;
}

function parametersOf(module: nn.Module): (name: string) => Tensor | undefined {
  const parameters = new Map(module.namedParameters());
  return (name) => parameters.get(name);
}

function wantedGradients(
  { gatol, grtol }: ModuleCase,
  gradients: Readonly<Record<string, Encoded>>,
  find: (of: string) => Tensor | undefined,
): WantedGradient[] {
  const tolerance: Tolerance = { atol: gatol, rtol: grtol };
  return Object.entries(gradients).map(([of, gradient]) => ({ of, tensor: find(of)!, gradient, tolerance }));
}
