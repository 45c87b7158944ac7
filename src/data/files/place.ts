/**
 * Where a data set's files are: at a path, or in the caller's hands.
 *
 * @module
 */
/**
 * The path of a folder or an archive; or the files themselves, as a page gets them from an
 * `<input type="file" multiple>` or a drop.
 */
export type Place = string | ArrayLike<File>;

/** A place as errors show it. */
export const placeName = (place: Place): string =>
  typeof place === "string" ? place : "the given files";
