/**
 * The orientation of a picture from its EXIF data.
 *
 * @module
 */

/** The tag of the orientation, and the types of integers by their bytes. */
const ORIENTATION = 0x0112, BYTE = 1, SHORT = 3, LONG = 4;
/** Bytes of an entry of a directory. */
const ENTRY = 12;

/** The byte order at the start of a TIFF file: `II*` little, `MM*` big; undefined if neither. */
function byteOrder(view: DataView): { readonly little: boolean } | undefined {
  if (view.byteLength < 8) return undefined;
  const order = view.getUint16(0), little = order === 0x4949;
  return (little || order === 0x4d4d) && view.getUint16(2, little) === 42 ? { little } : undefined;
}

function readValue(view: DataView, entry: number, little: boolean): number | undefined {
  switch (view.getUint16(entry + 2, little)) {
    case BYTE:
      return view.getUint8(entry + 8);
    case SHORT:
      return view.getUint16(entry + 8, little);
    case LONG:
      return view.getUint32(entry + 8, little);
  }
}

/**
 * The tag Orientation, 1 to 8, of EXIF data, which are in the format of a TIFF file. It is 1, upright, where
 * the data are damaged or lack the tag.
 */
export function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = byteOrder(view);
  if (!order) return 1;
  const { little } = order, directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + ENTRY * i;
    if (entry + ENTRY > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION) continue;
    const value = readValue(view, entry, little) ?? 1;
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
