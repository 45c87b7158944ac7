/**
 * Pooling, normalization and other ops of images.
 *
 * @module
 */
import { casesOf } from "./case.ts";

/** Pooling. */
export const POOLINGS = [
  ...casesOf("maxPool", {
    "maxpool 3/2 96 32² b64": { b: 64, h: 32, c: 96, k: 3, s: 2 },
    "maxpool 3/1 p1 256 16² b32": { b: 32, h: 16, c: 256, k: 3, s: 1, p: 1 },
    "maxpool 2/2 64 32² b32": { b: 32, h: 32, c: 64, k: 2, s: 2 },
    "maxpool 2/2 20 24² b64": { b: 64, h: 24, c: 20, k: 2, s: 2 },
    "maxpool 4/2 17 28² b32": { b: 32, h: 28, c: 17, k: 4, s: 2 },
    "maxpool 3/2 p1 64 112² b4": { b: 4, h: 112, c: 64, k: 3, s: 2, p: 1 },
    "maxpool 8/8 128 8² b128": { b: 128, h: 8, c: 128, k: 8, s: 8 },
    "maxpool 3/1 d2 64 32² b16": { b: 16, h: 32, c: 64, k: 3, s: 1, d: 2 },
    "maxpool 1x5/1 64 32² b16": { b: 16, h: 32, c: 64, k: 1, kw: 5, s: 1 },
  }),
  ...casesOf("avgPool", {
    "avgpool 3/2 192 16² b64": { b: 64, h: 16, c: 192, k: 3, s: 2 },
    "avgpool 2/2 64 32² b32": { b: 32, h: 32, c: 64, k: 2, s: 2 },
    "avgpool 5/3 50 17² b16": { b: 16, h: 17, c: 50, k: 5, s: 3 },
    "avgpool 3/1 p1 192 28² b8": { b: 8, h: 28, c: 192, k: 3, s: 1, p: 1 },
    "avgpool 4x1/2 50 17² b16": { b: 16, h: 17, c: 50, k: 4, kw: 1, s: 2 },
  }),
  ...casesOf("globalAvgPool", {
    "gap 192 8² b128": { b: 128, h: 8, c: 192 },
    "gap 10 6² b128": { b: 128, h: 6, c: 10 },
    "gap 2048 7² b16": { b: 16, h: 7, c: 2048 },
  }),
  ...casesOf("globalMaxPool", {
    "global max 128 8² b64": { b: 64, h: 8, c: 128 },
  }),
];

/** Normalization. */
export const NORMALIZATIONS = [
  ...casesOf("lrn", {
    "lrn 96 27² b8": { b: 8, h: 27, c: 96 },
    "lrn 256 13² b32": { b: 32, h: 13, c: 256 },
  }),
  ...casesOf("groupNorm", {
    "group norm 8 of 64 32² b16": { b: 16, h: 32, c: 64, groups: 8 },
    "group norm 32 of 256 8² b32": { b: 32, h: 8, c: 256, groups: 32 },
    "group norm 3 of 51 9² b4": { b: 4, h: 9, c: 51, groups: 3 },
  }),
  ...casesOf("batchNormRelu", {
    "bn+relu 64 32² b32": { b: 32, h: 32, c: 64 },
    "bn+relu 16 32² b128": { b: 128, h: 32, c: 16 },
    "bn+relu 512 4² b32": { b: 32, h: 4, c: 512 },
    "bn+relu 17 9² b4": { b: 4, h: 9, c: 17 },
  }),
];

/** Other ops of images. */
export const IMAGE_OPS = [
  ...casesOf("concat", {
    "concat 64 32² b32": { b: 32, h: 32, c: 64 },
    "concat 50 14² b16": { b: 16, h: 14, c: 50 },
  }),
  ...casesOf("channelsFirst", {
    "channels first 64 32² b32": { b: 32, h: 32, c: 64 },
    "channels first 3 224² b8": { b: 8, h: 224, c: 3 },
  }),
  ...casesOf("biasRelu", {
    "bias+relu 192 32² b32": { b: 32, h: 32, c: 192 },
    "bias+relu 10 32² b32": { b: 32, h: 32, c: 10 },
  }),
  ...casesOf("maxout", {
    "maxout 2 32 32² b64": { b: 64, h: 32, c: 32 },
    "maxout 2 50 8² b64": { b: 64, h: 8, c: 50 },
  }),
  ...casesOf("groupedMaxout", {
    "conv 3 maxout 2, 2 groups 64 16² b16": { b: 16, h: 16, c: 64, groups: 2 },
    "conv 3 maxout 2, 64 groups 64 16² b16": { b: 16, h: 16, c: 64, groups: 64 },
  }),
];
