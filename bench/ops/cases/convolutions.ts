/**
 * Convolutions of the paper's nets and of today's, and of sizes between.
 *
 * @module
 */
import { casesOf, namedCases } from "./case.ts";

/** Convolutions of well-known nets. */
export const NET_CONVOLUTIONS = casesOf("conv", {
  "nin 5x5 3-192 32² b32": { b: 32, h: 32, ci: 3, co: 192, k: 5, p: 2 },
  "nin 5x5 96-192 16² b32": { b: 32, h: 16, ci: 96, co: 192, k: 5, p: 2 },
  "1x1 192-160 32² b32": { b: 32, h: 32, ci: 192, co: 160, k: 1 },
  "1x1 160-96 32² b32": { b: 32, h: 32, ci: 160, co: 96, k: 1 },
  "1x1 192-10 8² b128": { b: 128, h: 8, ci: 192, co: 10, k: 1 },
  "1x1 s2 64-128 16² b32": { b: 32, h: 16, ci: 64, co: 128, k: 1, s: 2 },
  "allcnn 3x3 96-96 32² b16": { b: 16, h: 32, ci: 96, co: 96, k: 3, p: 1 },
  "allcnn s2 96-96 32² b32": { b: 32, h: 32, ci: 96, co: 96, k: 3, p: 1, s: 2 },
  "allcnn s2 192-192 16² b32": { b: 32, h: 16, ci: 192, co: 192, k: 3, p: 1, s: 2 },
  "allcnn 3x3 p0 192 8² b64": { b: 64, h: 8, ci: 192, co: 192, k: 3, p: 0 },
  "caffe 11x11 s4 227 b8": { b: 8, h: 227, ci: 3, co: 96, k: 11, s: 4 },
  "caffe 5x5 g2 27² b8": { b: 8, h: 27, ci: 96, co: 256, k: 5, p: 2, groups: 2 },
  "caffe 3x3 256-384 13² b8": { b: 8, h: 13, ci: 256, co: 384, k: 3, p: 1 },
  "caffe 3x3 g2 384 13² b8": { b: 8, h: 13, ci: 384, co: 384, k: 3, p: 1, groups: 2 },
  "vgg 512 4² b32": { b: 32, h: 4, ci: 512, co: 512, k: 3, p: 1 },
  "vgg 512 2² b128": { b: 128, h: 2, ci: 512, co: 512, k: 3, p: 1 },
  "vgg 64 32² b16": { b: 16, h: 32, ci: 64, co: 64, k: 3, p: 1 },
  "vgg 3-64 32² b64": { b: 64, h: 32, ci: 3, co: 64, k: 3, p: 1 },
  "resnet 16 32² b128": { b: 128, h: 32, ci: 16, co: 16, k: 3, p: 1 },
  "resnet 16-32 s2 b128": { b: 128, h: 32, ci: 16, co: 32, k: 3, p: 1, s: 2 },
  "resnet 64 8² b128": { b: 128, h: 8, ci: 64, co: 64, k: 3, p: 1 },
  "maxout 8x8 3-192 32² b16": { b: 16, h: 32, ci: 3, co: 192, k: 8, p: 4 },
  "maxout 8x8 96-384 16² b4": { b: 4, h: 16, ci: 96, co: 384, k: 8, p: 3 },
  "inception 7x7 s2 3-64 224 b4": { b: 4, h: 224, ci: 3, co: 64, k: 7, p: 3, s: 2 },
});

/** Depthwise and grouped convolutions, and more channels out of each. */
export const GROUPED_CONVOLUTIONS = casesOf("conv", {
  "depthwise 64 32² b32": { b: 32, h: 32, ci: 64, co: 64, k: 3, p: 1, groups: 64 },
  "depthwise 256 16² b32": { b: 32, h: 16, ci: 256, co: 256, k: 3, p: 1, groups: 256 },
  "depthwise s2 64 32² b32": { b: 32, h: 32, ci: 64, co: 64, k: 3, p: 1, s: 2, groups: 64 },
  "depthwise 7x7 96 16² b16": { b: 16, h: 16, ci: 96, co: 96, k: 7, p: 3, groups: 96 },
  "depthwise 5x5 s2 50 28² b16": { b: 16, h: 28, ci: 50, co: 50, k: 5, p: 2, s: 2, groups: 50 },
  "depthwise 3x3 17 13² b8": { b: 8, h: 13, ci: 17, co: 17, k: 3, p: 1, groups: 17 },
  "depthwise 32 112² b2": { b: 2, h: 112, ci: 32, co: 32, k: 3, p: 1, groups: 32 },
  "depthwise ×4 32 16² b16": { b: 16, h: 16, ci: 32, co: 128, k: 3, p: 1, groups: 32 },
  "depthwise ×2 s2 24 28² b16": { b: 16, h: 28, ci: 24, co: 48, k: 3, p: 1, s: 2, groups: 24 },
  "grouped32 128 16² b32": { b: 32, h: 16, ci: 128, co: 128, k: 3, p: 1, groups: 32 },
  "grouped4 128 16² b32": { b: 32, h: 16, ci: 128, co: 128, k: 3, p: 1, groups: 4 },
  "grouped8 s2 64-128 28² b16": { b: 16, h: 28, ci: 64, co: 128, k: 3, p: 1, s: 2, groups: 8 },
  "grouped64 256 14² b16": { b: 16, h: 14, ci: 256, co: 256, k: 3, p: 1, groups: 64 },
  "1x1 grouped4 240 14² b16": { b: 16, h: 14, ci: 240, co: 240, k: 1, groups: 4 },
  "grouped3 5x5 51 17² b8": { b: 8, h: 17, ci: 51, co: 51, k: 5, p: 2, groups: 3 },
});

type Named = {
  b: number;
  h: number;
  ci: number;
  co: number;
  k: number;
  s?: number;
  p?: number;
  d?: number;
};

const describe = ({ b, h, ci, co, k, s = 1, p = 0, d = 1 }: Named): string =>
  `${k}x${k} ${ci}-${co} ${h}²${s > 1 ? ` s${s}` : ""}${d > 1 ? ` d${d}` : ""}` +
  `${p > 0 ? ` p${p}` : ""} b${b}`;

/** Sizes of no net in particular: other windows, strides, channels, images and batches. */
export const OTHER_CONVOLUTIONS = namedCases("conv", describe, [
  { b: 8, h: 5, ci: 64, co: 128, k: 2, s: 1 },
  { b: 16, h: 32, ci: 32, co: 64, k: 2, s: 2 },
  { b: 4, h: 224, ci: 3, co: 768, k: 16, s: 16 },
  { b: 8, h: 64, ci: 32, co: 32, k: 4, s: 2, p: 1 },
  { b: 16, h: 30, ci: 48, co: 48, k: 3, s: 3 },
  { b: 8, h: 56, ci: 64, co: 64, k: 3, s: 4, p: 1 },
  { b: 32, h: 14, ci: 128, co: 128, k: 5, s: 2, p: 2 },
  { b: 4, h: 56, ci: 32, co: 32, k: 7, p: 3 },
  { b: 4, h: 28, ci: 64, co: 64, k: 9, p: 4 },
  { b: 1, h: 224, ci: 3, co: 64, k: 3, p: 1 },
  { b: 1, h: 112, ci: 64, co: 128, k: 3, p: 1 },
  { b: 1, h: 56, ci: 256, co: 256, k: 3, p: 1 },
  { b: 1, h: 7, ci: 512, co: 512, k: 3, p: 1 },
  { b: 256, h: 1, ci: 512, co: 512, k: 3, p: 1 },
  { b: 256, h: 28, ci: 1, co: 32, k: 3, p: 1 },
  { b: 64, h: 28, ci: 1, co: 20, k: 5 },
  { b: 64, h: 12, ci: 20, co: 50, k: 5 },
  { b: 32, h: 16, ci: 10, co: 10, k: 3, p: 1 },
  { b: 32, h: 17, ci: 17, co: 50, k: 3, p: 1 },
  { b: 32, h: 13, ci: 50, co: 17, k: 3, s: 2, p: 1 },
  { b: 8, h: 32, ci: 64, co: 64, k: 3, p: 2, d: 2 },
  { b: 2, h: 64, ci: 64, co: 64, k: 3, p: 4, d: 4 },
  { b: 4, h: 33, ci: 256, co: 64, k: 3, p: 6, d: 6 },
  { b: 4, h: 56, ci: 64, co: 256, k: 1 },
  { b: 4, h: 56, ci: 256, co: 64, k: 1 },
  { b: 16, h: 14, ci: 256, co: 512, k: 1, s: 2 },
  { b: 8, h: 7, ci: 2048, co: 512, k: 1 },
  { b: 64, h: 32, ci: 64, co: 3, k: 1 },
  { b: 64, h: 32, ci: 64, co: 1, k: 3, p: 1 },
  { b: 128, h: 16, ci: 32, co: 32, k: 3, p: 1 },
  { b: 32, h: 28, ci: 128, co: 128, k: 3, p: 1 },
  { b: 8, h: 14, ci: 512, co: 512, k: 3, p: 1 },
  { b: 16, h: 8, ci: 192, co: 192, k: 3, p: 1 },
  { b: 2, h: 100, ci: 24, co: 40, k: 3, p: 1 },
]);

/** Windows that are no squares. */
export const FLAT_CONVOLUTIONS = casesOf("conv", {
  "1x7 128 17² b16": { b: 16, h: 17, ci: 128, co: 128, k: 1, kw: 7 },
  "7x1 128 17² b16": { b: 16, h: 17, ci: 128, co: 128, k: 7, kw: 1 },
  "1x3 64 32² b16": { b: 16, h: 32, ci: 64, co: 64, k: 1, kw: 3 },
  "3x3 20×80 32-64 b16": { b: 16, h: 20, w: 80, ci: 32, co: 64, k: 3, p: 1 },
});

/** Convolutions of sequences. */
export const SEQUENCE_CONVOLUTIONS = casesOf("conv1d", {
  "conv1d k9 64 L512 b16": { b: 16, l: 512, ci: 64, co: 64, k: 9 },
  "conv1d k3 256 L128 b16": { b: 16, l: 128, ci: 256, co: 256, k: 3, p: 1 },
  "conv1d k10 s5 1-512 L8000 b4": { b: 4, l: 8000, ci: 1, co: 512, k: 10, s: 5 },
  "conv1d k3 d4 64 L1024 b8": { b: 8, l: 1024, ci: 64, co: 64, k: 3, p: 4, d: 4 },
  "conv1d k31 depthwise 144 L200 b16": {
    b: 16,
    l: 200,
    ci: 144,
    co: 144,
    k: 31,
    p: 15,
    groups: 144,
  },
  "conv1d k5 80-17 L99 b32": { b: 32, l: 99, ci: 80, co: 17, k: 5, s: 2, p: 2 },
});

/** Transposed convolutions, as of decoders. */
export const TRANSPOSED_CONVOLUTIONS = casesOf("convTranspose", {
  "transposed 2x2 s2 128-64 16² b16": { b: 16, h: 16, ci: 128, co: 64, k: 2, s: 2 },
  "transposed 4x4 s2 128-64 16² b16": { b: 16, h: 16, ci: 128, co: 64, k: 4, s: 2, p: 1 },
  "transposed 4x4 100-512 1² b64": { b: 64, h: 1, ci: 100, co: 512, k: 4 },
  "transposed 3x3 s2 50-17 13² b8": { b: 8, h: 13, ci: 50, co: 17, k: 3, s: 2, p: 1 },
  "transposed 4x4 s2 64-3 32² b16": { b: 16, h: 32, ci: 64, co: 3, k: 4, s: 2, p: 1 },
  "transposed 3x3 64 28² b8": { b: 8, h: 28, ci: 64, co: 64, k: 3, p: 1 },
});
