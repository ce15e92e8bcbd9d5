// Kernels that were asked for and wait for what may be fused with them. They run before a readback at the latest: the
// program may hold a small result for long, and the large operands should not have to wait with it.

interface Recipe {
  finish(): void;
}

export class Outstanding {
  readonly #recipes = new Set<Recipe>();

  add(recipe: Recipe): void {
    this.#recipes.add(recipe);
  }

  delete(recipe: Recipe): void {
    this.#recipes.delete(recipe);
  }

  finish(): void {
    for (const recipe of [...this.#recipes]) {
      try {
        recipe.finish();
      } catch {
        this.#recipes.delete(recipe); // too large, say: whoever asks for this result is told, and the others go on
      }
    }
  }
}
