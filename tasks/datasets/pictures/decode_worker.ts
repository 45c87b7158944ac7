/**
 * A worker that decodes pictures and resizes them.
 *
 * @module
 */
import { coverPicture, type ImageSize } from "../../images/fit.ts";
import { readPicture } from "../../images/picture.ts";

/** A picture to decode. */
export interface DecodeRequest {
  readonly path: string;
  readonly size: ImageSize;
}

/** Its bytes, or why there are none. */
export type DecodeResponse =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly message: string };

async function decode({ path, size }: DecodeRequest): Promise<DecodeResponse> {
  try {
    return { bytes: coverPicture(await readPicture(path), size) };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

const port = self as unknown as {
  onmessage: ((event: MessageEvent<DecodeRequest>) => void) | null;
  postMessage(response: DecodeResponse, transfer: Transferable[]): void;
};
port.onmessage = async ({ data }) => {
  const response = await decode(data);
  port.postMessage(response, "bytes" in response ? [response.bytes.buffer] : []);
};
