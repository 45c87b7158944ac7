/**
 * The files of a folder that are taken for pictures.
 *
 * @module
 */

/** The folders and files in a folder, by name, sorted. */
export interface FolderContent {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Names of files that are taken for pictures, those of formats that are not read among them. */
const PICTURE = /\.(png|apng|jpe?g|jpe|jfif|webp|gif|avif|tiff?|bmp|heic|heif|jxl|jp2)$/i;

/** Names of folders that programs make beside pictures, for thumbnails and the like. */
const OTHERS = new Set(["__MACOSX", "@eaDir", "lost+found", "$RECYCLE.BIN"]);

/** A text with letters and their accents composed, as macOS does not store them. */
const composed = (text: string): string => text.normalize("NFC");

/** Sorts by code points of composed letters, so that the order is the same on every machine. */
export const sorted = (names: Iterable<string>): string[] =>
  [...names].sort((a, b) => {
    const [left, right] = [composed(a), composed(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });

/** The content of a folder, links followed, without hidden ones; empty if it cannot be read. */
export async function readFolder(path: string): Promise<FolderContent> {
  const folders: string[] = [], files: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) {
      const { name } = entry;
      if (name.startsWith(".") || OTHERS.has(name)) continue;
      const found = entry.isSymlink
        ? await Deno.stat(`${path}/${name}`).catch(() => undefined)
        : entry;
      if (found?.isDirectory) folders.push(name);
      else if (found?.isFile) files.push(name);
    }
  } catch {
    return { folders: [], files: [] };
  }
  return { folders: sorted(folders), files: sorted(files) };
}

/** Whether a file's name is that of a picture. */
export const isPicture = (name: string): boolean => PICTURE.test(name);

async function collect(path: string, inside: string, above: readonly string[]): Promise<string[]> {
  const place = await Deno.realPath(path).catch(() => path);
  // A link to a folder above would go on forever.
  if (above.includes(place)) return [];
  const { folders, files } = await readFolder(path), found: string[] = [];
  for (const name of files) if (isPicture(name)) found.push(inside + name);
  for (const name of folders) {
    found.push(...await collect(`${path}/${name}`, `${inside}${name}/`, [...above, place]));
  }
  return found;
}

/** The pictures in a folder and its subfolders, as paths from it. */
export const picturesIn = (path: string): Promise<string[]> => collect(path, "", []);
