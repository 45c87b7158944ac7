/**
 * Outputs in a Jupyter notebook, whose cells Deno's kernel runs.
 *
 * @module
 */

/** What is used of `Deno.jupyter`, which exists in notebooks only. */
export interface Notebook {
  broadcast(type: "clear_output", content: { readonly wait: boolean }): Promise<void>;
  broadcast(
    type: "display_data",
    content: { readonly data: object; readonly metadata: object },
  ): Promise<void>;
}

/** The notebook that runs this program; undefined elsewhere. */
function runningNotebook(): Notebook | undefined {
  if (typeof Deno === "undefined") return undefined;
  try {
    return (Deno as { readonly jupyter?: Notebook }).jupyter;
  } catch {
    // Outside a notebook Deno throws.
    return undefined;
  }
}

/**
 * Shows an output below the running cell.
 *
 * @param data The output by media type.
 * @param replace Whether it replaces what the cell has shown before.
 * @param notebook The notebook; the one that runs this program if left out.
 * @returns False outside a notebook.
 */
export async function showInNotebook(
  data: Readonly<Record<string, string>>,
  replace: boolean,
  notebook = runningNotebook(),
): Promise<boolean> {
  if (!notebook) return false;
  if (replace) await notebook.broadcast("clear_output", { wait: true });
  await notebook.broadcast("display_data", { data, metadata: {} });
  return true;
}
