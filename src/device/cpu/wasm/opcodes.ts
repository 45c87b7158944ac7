/**
 * The opcodes of WebAssembly instructions, by name.
 *
 * @module
 */

/** The value types, as encoded. */
export const TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** The name of a value type. */
export type ValueType = keyof typeof TYPES;

/** Instructions without immediates: opcodes below 0x100 are single bytes, others have a prefix. */
export const PLAIN = {
  "return": [0x0f],
  "drop": [0x1a],
  "select": [0x1b],
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_s": [0x4a],
  "i32.gt_u": [0x4b],
  "i32.le_s": [0x4c],
  "i32.ge_s": [0x4e],
  "i32.ge_u": [0x4f],
  "f32.eq": [0x5b],
  "f32.gt": [0x5e],
  "f32.le": [0x5f],
  "f64.lt": [0x63],
  "f64.ge": [0x66],
  "f64.eq": [0x61],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_s": [0x6d],
  "i32.div_u": [0x6e],
  "i32.rem_s": [0x6f],
  "i32.rem_u": [0x70],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.xor": [0x73],
  "i32.shl": [0x74],
  "i32.shr_s": [0x75],
  "i32.shr_u": [0x76],
  "f64.abs": [0x99],
  "f64.trunc": [0x9d],
  "f64.add": [0xa0],
  "f64.sub": [0xa1],
  "f64.mul": [0xa2],
  "f64.div": [0xa3],
  "f64.copysign": [0xa6],
  "i32.wrap_i64": [0xa7],
  "f32.add": [0x92],
  "f32.demote_f64": [0xb6],
  "f64.promote_f32": [0xbb],
  "i64.trunc_sat_f64_s": [0xfc, 6],
  "memory.copy": [0xfc, 10, 0, 0],
  "memory.fill": [0xfc, 11, 0],
  "i32x4.splat": [0xfd, 0x11],
  "f32x4.splat": [0xfd, 0x13],
  "i32x4.eq": [0xfd, 0x37],
  "i32x4.ne": [0xfd, 0x38],
  "i32x4.lt_s": [0xfd, 0x39],
  "i32x4.lt_u": [0xfd, 0x3a],
  "i32x4.le_s": [0xfd, 0x3d],
  "i32x4.le_u": [0xfd, 0x3e],
  "f32x4.eq": [0xfd, 0x41],
  "f32x4.ne": [0xfd, 0x42],
  "f32x4.lt": [0xfd, 0x43],
  "f32x4.gt": [0xfd, 0x44],
  "f32x4.le": [0xfd, 0x45],
  "f32x4.ge": [0xfd, 0x46],
  "v128.and": [0xfd, 0x4e],
  "v128.andnot": [0xfd, 0x4f],
  "v128.or": [0xfd, 0x50],
  "v128.xor": [0xfd, 0x51],
  "v128.bitselect": [0xfd, 0x52],
  "f32x4.floor": [0xfd, 0x68],
  "f32x4.nearest": [0xfd, 0x6a],
  "i8x16.narrow_i16x8_u": [0xfd, 0x66],
  "i16x8.narrow_i32x4_s": [0xfd, 0x85, 1],
  "i16x8.extend_low_i8x16_u": [0xfd, 0x89, 1],
  "i16x8.extend_high_i8x16_u": [0xfd, 0x8a, 1],
  "i32x4.extend_low_i16x8_u": [0xfd, 0xa9, 1],
  "i32x4.extend_high_i16x8_u": [0xfd, 0xaa, 1],
  "i32x4.abs": [0xfd, 0xa0, 1],
  "i32x4.neg": [0xfd, 0xa1, 1],
  "i32x4.all_true": [0xfd, 0xa3, 1],
  "i32x4.shl": [0xfd, 0xab, 1],
  "i32x4.shr_s": [0xfd, 0xac, 1],
  "i32x4.shr_u": [0xfd, 0xad, 1],
  "i32x4.add": [0xfd, 0xae, 1],
  "i32x4.sub": [0xfd, 0xb1, 1],
  "i32x4.mul": [0xfd, 0xb5, 1],
  "i32x4.min_s": [0xfd, 0xb6, 1],
  "i32x4.min_u": [0xfd, 0xb7, 1],
  "i32x4.max_s": [0xfd, 0xb8, 1],
  "i32x4.max_u": [0xfd, 0xb9, 1],
  "f32x4.abs": [0xfd, 0xe0, 1],
  "f32x4.neg": [0xfd, 0xe1, 1],
  "f32x4.sqrt": [0xfd, 0xe3, 1],
  "f32x4.add": [0xfd, 0xe4, 1],
  "f32x4.sub": [0xfd, 0xe5, 1],
  "f32x4.mul": [0xfd, 0xe6, 1],
  "f32x4.div": [0xfd, 0xe7, 1],
  "f32x4.min": [0xfd, 0xe8, 1],
  "f32x4.max": [0xfd, 0xe9, 1],
  "f32x4.pmin": [0xfd, 0xea, 1],
  "f32x4.pmax": [0xfd, 0xeb, 1],
  "i32x4.trunc_sat_f32x4_s": [0xfd, 0xf8, 1],
  "i32x4.trunc_sat_f32x4_u": [0xfd, 0xf9, 1],
  "f32x4.convert_i32x4_s": [0xfd, 0xfa, 1],
  "f32x4.convert_i32x4_u": [0xfd, 0xfb, 1],
  "f32x4.relaxed_madd": [0xfd, 0x85, 2],
  "f32x4.relaxed_nmadd": [0xfd, 0x86, 2],
  "i32x4.relaxed_laneselect": [0xfd, 0x8b, 2],
} as const;

/** The name of an instruction without immediates. */
export type PlainName = keyof typeof PLAIN;

/** Loads and stores, which take an offset in bytes. */
export const ACCESSES = {
  "i32.load": [0x28],
  "f32.load": [0x2a],
  "i32.store": [0x36],
  "f32.store": [0x38],
  "v128.load": [0xfd, 0],
  "v128.load32_splat": [0xfd, 9],
  "v128.load32_zero": [0xfd, 0x5c],
  "v128.load64_zero": [0xfd, 0x5d],
  "v128.store": [0xfd, 11],
} as const;

/** The name of a load or store. */
export type AccessName = keyof typeof ACCESSES;

/** Instructions on one lane of a vector. */
export const LANES = {
  "i32x4.extract_lane": [0xfd, 0x1b],
  "i32x4.replace_lane": [0xfd, 0x1c],
  "f32x4.extract_lane": [0xfd, 0x1f],
  "f32x4.replace_lane": [0xfd, 0x20],
} as const;

/** The name of an instruction on one lane. */
export type LaneName = keyof typeof LANES;
