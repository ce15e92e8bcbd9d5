// All workloads, in the order of the tables.

import { matmuls } from "./matmul.js";
import { rows } from "./rows.js";
import type { Workload } from "./workload.js";

export const workloads: readonly Workload[] = [...matmuls, ...rows];
