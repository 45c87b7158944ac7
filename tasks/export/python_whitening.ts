/**
 * Whitening in Python: reading its matrix, and applying it.
 *
 * @module
 */

/** The function that reads the matrix from a folder. */
export const LOAD_WHITENING = `def load_whitening(folder):
    with open(os.path.join(folder, "whitening.safetensors"), "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    raw = bytearray(data[slice(*header["matrix"]["data_offsets"])])
    return torch.frombuffer(raw, dtype=torch.float32).reshape(header["matrix"]["shape"])


`;

/** The lines that whiten x; the matrix has height, width and channels as one axis, in this order. */
export const WHITEN: readonly string[] = [
  "last = x.permute(0, 2, 3, 1)",
  "return (last.flatten(1) @ self.whitening).reshape(last.shape).permute(0, 3, 1, 2)",
];
