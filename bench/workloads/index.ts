// All workloads, in the order of the tables.

import { attentions } from "./attention.js";
import { cnns } from "./cnn.js";
import { convs } from "./conv.js";
import { matmuls } from "./matmul.js";
import { mlps } from "./mlp.js";
import { resnets } from "./resnet.js";
import { rows } from "./rows.js";
import { small } from "./small.js";
import { transformers } from "./transformer.js";
import { vaes } from "./vae.js";
import type { Workload } from "./workload.js";

export const workloads: readonly Workload[] = [
  ...matmuls,
  ...convs,
  ...rows,
  ...attentions,
  ...mlps,
  ...cnns,
  ...transformers,
  ...vaes,
  ...resnets,
  ...small,
];
