/**
 * Pictures of your own as data sets, for Deno: `imageFolder` reads folders and tables of them, in memory or
 * streamed by worker threads.
 *
 * @module
 */
export { type ImageFolder, imageFolder, type ImageFolderOptions } from "./image_folder.ts";
export type { TableColumns } from "./listing/mod.ts";
export type { ImagePlace } from "./loading/load_split.ts";
