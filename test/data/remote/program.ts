// A program that leaves its loops early, with workers that persist, and ends by itself.

import { data, init, manualSeed, type Tensor } from "../../../src/index.js";
import type Noise from "./noise.js";

await init();
manualSeed(1);
const noise = await data.remote<Noise>(new URL("./noise.ts", import.meta.url), 8);
for (const numWorkers of [0, 1]) {
  manualSeed(1);
  const loader = new data.DataLoader(noise, {
    batchSize: 4,
    shuffle: true,
    numWorkers,
    persistentWorkers: numWorkers > 0,
  });
  for await (const x of loader) {
    console.log(JSON.stringify(await (x as Tensor).toArray()));
    break;
  }
}
const other = new data.DataLoader(noise, { batchSize: 2, numWorkers: 1 })[Symbol.asyncIterator]();
await other.next(); // and never again
