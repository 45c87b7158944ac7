/**
 * Textures that software adapters read images from.
 *
 * @module
 */

/** The texels that rows of a texture are copied in units of: 256 bytes. */
const ROW_UNIT = 16;

/** So many texels and as few more as fill whole units of a row. */
export const wholeRow = (texels: number): number => Math.ceil(texels / ROW_UNIT) * ROW_UNIT;

/** The size of a texture of four channels: texels a row, rows, layers. */
export type ImageSize = readonly [columns: number, rows: number, layers: number];
