import { assertEquals } from "@std/assert";
import { fitPicture } from "../../../tasks/images/fit.ts";
import type { Picture } from "../../../tasks/images/picture.ts";

const gray = (width: number, height: number, ...pixels: number[]): Picture => ({
  width,
  height,
  channels: 1,
  pixels,
});
const size = (height: number, width: number, channels = 1) => ({ height, width, channels });

Deno.test("fitPicture() leaves a picture of the right size unchanged", () => {
  const pixels = Array.from({ length: 60 }, (_, i) => (i * 37) % 256);
  const picture: Picture = { width: 5, height: 4, channels: 3, pixels };
  assertEquals([...fitPicture(picture, size(4, 5, 3))], pixels);
});

Deno.test("fitPicture() weights gray by ITU-R BT.601, and repeats gray for color nets", () => {
  const picture: Picture = { width: 2, height: 1, channels: 3, pixels: [200, 100, 50, 0, 0, 255] };
  assertEquals([...fitPicture(picture, size(1, 2))], [124, 29]); // 59.8 + 58.7 + 5.7; 29.07
  assertEquals([...fitPicture(gray(2, 1, 7, 9), size(1, 2, 3))], [7, 7, 7, 9, 9, 9]);
});

Deno.test("fitPicture() blends transparent pixels with white", () => {
  const one = (channels: 2 | 4, ...pixels: number[]): Picture => ({
    width: 1,
    height: 1,
    channels,
    pixels,
  });
  assertEquals([...fitPicture(one(2, 100, 255), size(1, 1))], [100]);
  assertEquals([...fitPicture(one(2, 100, 0), size(1, 1))], [255]);
  assertEquals([...fitPicture(one(4, 0, 50, 255, 51), size(1, 1, 3))], [204, 214, 255]);
});

Deno.test("fitPicture() interpolates when upsampling", () => {
  // Centers of the four places at -0.25, 0.25, 0.75, 1.25 of the two.
  assertEquals([...fitPicture(gray(2, 1, 0, 200), size(1, 4))], [0, 50, 150, 200]);
});

Deno.test("fitPicture() counts every pixel when downsampling", () => {
  // A triangle of reach 2 at 0.5 and 2.5: shares 3, 3, 1 of 7, and 1, 3, 3.
  assertEquals([...fitPicture(gray(4, 1, 70, 140, 210, 0), size(1, 2))], [120, 110]);
  const flat = gray(50, 70, ...new Array<number>(3500).fill(90));
  assertEquals([...fitPicture(flat, size(2, 3))], new Array(6).fill(90));
});

Deno.test("fitPicture() keeps rows and columns apart", () => {
  const picture = gray(2, 3, 0, 10, 20, 30, 40, 50);
  assertEquals([...fitPicture(picture, size(3, 2))], [0, 10, 20, 30, 40, 50]);
  assertEquals([...fitPicture(picture, size(3, 1))], [5, 25, 45]);
});
