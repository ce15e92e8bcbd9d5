// Which nodes a backward pass visits, and in which order.
//
// The nodes that a loss depends on, newest first, are the tape in reverse: every node comes after all nodes that use its
// results, because numbers (`seq`) rise with creation. No recursion, however long the tape is.

import type { Node } from "./node.js";
import type { Variable } from "./variable.js";

/** The nodes reachable from the roots, each before the nodes whose results it used. */
export function newestFirst(roots: readonly { readonly variable: Variable }[]): Node[] {
  const reached = new Set<Node>();
  for (const { variable } of roots) if (variable.node !== undefined) reached.add(variable.node);
  for (const node of reached) {
    for (const input of node.inputs) if (input?.node !== undefined) reached.add(input.node); // this loop meets them too
  }
  return [...reached].sort((a, b) => b.seq - a.seq);
}

/** The nodes through which a gradient has to pass to reach the wanted variables. */
export function leadingTo(wanted: readonly Variable[], nodes: readonly Node[]): Set<Node> {
  const targets = new Set(wanted);
  const leading = new Set<Node>();
  for (const node of [...nodes].reverse()) {
    if (node.inputs.some((input) => input && (targets.has(input) || (input.node && leading.has(input.node))))) {
      leading.add(node);
    }
  }
  return leading;
}
