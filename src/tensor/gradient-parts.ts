// Gradients as few tensors: those that lie side by side in an optimizer's memory are one, so that what is done to all of
// them takes as many launches as for one.

import { withGradEnabled } from "../autograd/modes.js";
import { keep } from "../autograd/scope.js";
import type { GradArena, GradHome } from "../autograd/variable.js";
import { unrecorded } from "../runtime/recording.js";
import { tensor } from "./create.js";
import { where } from "./join.js";
import type { Tensor } from "./tensor.js";

const ROW = 64; // elements, as in GradArena

/** Some gradients. */
export interface GradientPart {
  readonly gradients: readonly Tensor[];
  /** Their elements; or, where they lie side by side, [rows, 64] with others between. */
  readonly values: Tensor;
  /** Where `values` are elements of the gradients, if not everywhere. */
  readonly isOwn: Tensor | undefined;
}

/** The gradients that the parameters have. */
export function gradientParts(parameters: Iterable<Tensor>): GradientPart[] {
  const arenas = new Map<GradArena, Map<GradHome, Tensor>>();
  const parts: GradientPart[] = [];
  for (const { variable } of new Set(parameters)) {
    const { grad, gradHome: home } = variable ?? {};
    if (grad === undefined) continue;
    if (home !== undefined && grad.array.block === home.block) {
      const inside = arenas.get(home.arena) ?? new Map<GradHome, Tensor>();
      arenas.set(home.arena, inside.set(home, grad));
    } else parts.push({ gradients: [grad], values: grad, isOwn: undefined });
  }
  for (const [arena, inside] of arenas) {
    const [columns, counts] = rowsOf(arena, inside);
    parts.push({ gradients: [...inside.values()], values: arena.memory, isOwn: columns.lt(counts) });
  }
  return parts;
}

/** One value where the elements of a part are those of gradients, another one elsewhere. */
export function ownOr({ isOwn }: GradientPart, own: Tensor | number, other: number): Tensor | number {
  if (isOwn === undefined) return own;
  return where(isOwn, own, other);
}

/** Changes gradients in place: `change` is given what holds them. */
export function changeGradients({ gradients, values }: GradientPart, change: (values: Tensor) => void): void {
  withGradEnabled(false, () => {
    for (const { array } of gradients) array.realize().storage.beforeOverwrite();
    change(values);
  });
}

type Rows = readonly [columns: Tensor, counts: Tensor];

const known = new WeakMap<GradArena, Map<string, Rows>>();

/** The columns 0 ... 63 as [1, 64], and how many elements of each row are of one of the gradients, [rows, 1]. */
function rowsOf(arena: GradArena, inside: ReadonlyMap<GradHome, Tensor>): Rows {
  const all = known.get(arena) ?? new Map<string, Rows>();
  known.set(arena, all);
  const key = arena.homes.map((home) => Number(inside.has(home))).join("");
  const found = all.get(key);
  if (found !== undefined) return found;
  const rows = arena.homes.flatMap((home) => {
    return Array.from({ length: Math.ceil(home.elements / ROW) }, (_, row) =>
      inside.has(home) ? Math.min(ROW, home.elements - row * ROW) : 0,
    );
  });
  return unrecorded(() => {
    const columns = tensor(Int32Array.from({ length: ROW }, (_, i) => i)).reshape([1, ROW]);
    const made: Rows = [columns, tensor(Int32Array.from(rows)).reshape([rows.length, 1])];
    for (const own of made) {
      own.array.realize();
      keep(own);
    }
    all.set(key, made);
    return made;
  });
}
