/**
 * Sizes of the textures that software adapters read images from.
 *
 * @module
 */

/** The unit in which rows are copied into a texture, in texels: 256 bytes. */
const ROW_UNIT = 16;

/** Rounds a row's texels up to a multiple of the copy unit. */
export const wholeRow = (texels: number): number => Math.ceil(texels / ROW_UNIT) * ROW_UNIT;

/** The size of an f32 RGBA texture: texels per row, rows, layers. */
export type ImageSize = readonly [columns: number, rows: number, layers: number];
