// The first training step of a fresh process: `node cold-child.mjs framework workload` prints its loss and ends.

import type { FrameworkName, Session } from "./frameworks/framework.js";
import { openFramework } from "./frameworks/open.js";
import { workloads } from "./workloads/index.js";

const [, , framework, name] = process.argv as [string, string, FrameworkName, string];
const workload = workloads.find((candidate) => candidate.name === name)!;
const forms = (await openFramework(framework)).prepare(workload) as Record<string, () => Session>;
const session = Object.values(forms)[0]!(); // eager, or the only form
const [loss] = await session.outputs();
console.log(`loss ${loss![0]}`);
process.exit(0); // Dawn keeps a process alive
