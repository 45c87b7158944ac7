/// <reference lib="dom" />
/**
 * Files that a visitor chooses, or drops anywhere on the page.
 *
 * @module
 */

/** Calls `take` with the files that are chosen in a field or dropped on the page. */
export function acceptFiles(field: HTMLInputElement, take: (files: readonly File[]) => void): void {
  const use = (files: Iterable<File> | null | undefined) => {
    const all = [...files ?? []];
    if (all.length > 0) take(all);
  };
  const { body } = document, mark = (on: boolean) => body.classList.toggle("dropping", on);
  field.addEventListener("change", () => use(field.files));
  body.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  body.addEventListener("dragleave", ({ relatedTarget }) => mark(relatedTarget !== null));
  body.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    use(event.dataTransfer?.files);
  });
}
