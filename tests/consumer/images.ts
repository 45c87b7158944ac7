/** A program of another project that reads a folder of pictures with the published library. */
import { data } from "@goodinit/goodinit";
import { imageFolder } from "@goodinit/goodinit/images";

const photos = await imageFolder(Deno.args[0]!, { crop: 8, testShare: 0.5, images: "stream" });
const batches = data.testBatches(photos.test, { batch: 2 });
console.log(photos.classNames.join());
for (const { images } of batches) console.log(images.length);
