/**
 * The format of a file by its first bytes.
 *
 * @module
 */

/** Formats that users may pass as pictures and that are not supported. */
const FIRST: readonly (readonly [kind: string, first: string, at?: number])[] = [
  ["a GIF image", "GIF8"],
  ["a WebP image", "WEBP", 8],
  ["a BMP image", "BM"],
  ["a TIFF image", "II*\0"],
  ["a TIFF image", "MM\0*"],
  ["a TIFF image", "II+\0"],
  ["a TIFF image", "MM\0+"],
  ["a JPEG XL image", "\xff\x0a"],
  ["a JPEG XL image", "JXL ", 4],
  ["a JPEG 2000 image", "jP  ", 4],
  ["a JPEG 2000 image", "\xff\x4f\xff\x51"],
  ["a Windows icon", "\0\0\x01\0"],
  ["a Photoshop image", "8BPS"],
  ["a GIMP image", "gimp xcf"],
  ["a QOI image", "qoif"],
  ["an OpenEXR image", "v/1\x01"],
  ["a Radiance image", "#?RADIANCE"],
  ["a DDS image", "DDS "],
  ["a PDF document", "%PDF"],
  ["a PostScript document", "%!PS"],
  ["a gzip archive", "\x1f\x8b"],
  ["a ZIP archive", "PK\x03\x04"],
];

/** Brands of pictures in the ISO base media file format. */
const BRANDS: Readonly<Record<string, string>> = {
  avif: "an AVIF image",
  avis: "an AVIF image",
  heic: "a HEIC image",
  heix: "a HEIC image",
  heim: "a HEIC image",
  heis: "a HEIC image",
  hevc: "a HEIC image",
  hevx: "a HEIC image",
  mif1: "a HEIF image",
  msf1: "a HEIF image",
  crx: "a Canon raw image",
};

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** The brands of a file in the ISO base media file format, its major brand first; none of another file. */
function readBrands(bytes: Uint8Array): string[] {
  if (textAt(bytes, 4, 4) !== "ftyp") return [];
  const length = Math.min(bytes.length, (bytes[2] ?? 0) << 8 | (bytes[3] ?? 0));
  const places = [
    8,
    ...Array.from({ length: Math.max(0, (length - 16) >> 2) }, (_, i) => 16 + 4 * i),
  ];
  return places.map((at) => textAt(bytes, at, 4).trim());
}

/** The format of a file, with its article; undefined where it is unknown. */
export function identifyFile(bytes: Uint8Array): string | undefined {
  const brands = readBrands(bytes);
  if (brands.length > 0) {
    // The major brand of a HEIF file may be the generic one; the others then name its codec.
    const named = brands.map((brand) => BRANDS[brand]).filter((kind) => kind !== undefined);
    return named.find((kind) => kind !== "a HEIF image") ?? named[0] ?? "a video";
  }
  const found = FIRST.find(([, first, at = 0]) => textAt(bytes, at, first.length) === first);
  if (found) return found[0];
  const start = textAt(bytes, 0, 1024).replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^P[1-7]\s/.test(start)) return "a PNM image";
  if (/^<svg[\s>]/i.test(start) || (/^<[?!]/.test(start) && /<svg[\s>]/i.test(start))) {
    return "an SVG image";
  }
  if (/^<(!doctype\s+)?html/i.test(start)) return "an HTML page";
}
