/**
 * Measures adapter behavior that WebGPU leaves implementation-defined: out-of-bounds texel reads.
 *
 * @module
 */

const CODE = `@group(0) @binding(0) var image: texture_storage_2d_array<rgba32float, read>;
@group(0) @binding(1) var<storage, read_write> found: array<vec4<f32>, 8>;
@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) i: u32) {
  let x = array<i32, 8>(-1, 16, 0, 0, -5, 21, 15, -1)[i];
  let y = array<i32, 8>(0, 0, -1, 2, 1, 1, 2, -1)[i];
  found[i] = textureLoad(image, vec2<i32>(x, y), 0u);
}`;

/**
 * Whether out-of-bounds texel reads give zeros; WebGPU allows other values too. Measured on a texture of
 * ones.
 */
export async function readsZerosOutside(device: GPUDevice): Promise<boolean> {
  const size = [16, 2, 1], bytesPerRow = 256;
  const texture = device.createTexture({
    size,
    format: "rgba32float",
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.STORAGE_BINDING,
  });
  device.queue.writeTexture(
    { texture },
    new Float32Array(bytesPerRow * 2 / 4).fill(1),
    { bytesPerRow, rowsPerImage: 2 },
    size,
  );
  const found = device.createBuffer({
    size: 128,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const staging = device.createBuffer({
    size: 128,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: CODE }), entryPoint: "main" },
  });
  const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: texture.createView({ dimension: "2d-array" }) },
        { binding: 1, resource: { buffer: found } },
      ],
    }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(found, 0, staging, 0, 128);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const zeros = new Float32Array(staging.getMappedRange()).every((v) => v === 0);
  staging.unmap();
  [texture, found, staging].forEach((x) => x.destroy());
  return zeros;
}
