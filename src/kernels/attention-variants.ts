// How attention is spread over lanes: groups that pass values round where subgroups are of that size, or single lanes.

import type { AttentionConstants } from "./attention-text.js";
import { defineFamily } from "./variants/variant.js";

export const attentionFamily = defineFamily<AttentionConstants>({
  name: "attention",
  variants: [
    { name: "8 lanes, 8 rows", needs: { subgroupSize: 8 }, constants: { lanes: 8, rows: 8 } },
    { name: "4 lanes, 8 rows", needs: { subgroupSize: 4 }, constants: { lanes: 4, rows: 8 } },
    { name: "1 lane, 4 rows", needs: {}, constants: { lanes: 1, rows: 4 } },
  ],
  preferred: () => ["8 lanes, 8 rows", "4 lanes, 8 rows"],
  typical: () => [],
  checks: () => [],
});
