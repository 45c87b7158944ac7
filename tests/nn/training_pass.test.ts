/**
 * What a training pass collects beside the output.
 */
import { assertEquals } from "@std/assert";
import { companion, dense, hingeLoss, relu, sequential } from "../../src/nn/mod.ts";
import { trainingPass } from "../../src/nn/training_pass.ts";
import { key } from "../../src/random.ts";
import { tensor } from "../../src/tensor.ts";

Deno.test("trainingPass() has the side branches in execution order, with weights and losses", () => {
  const net = sequential(
    companion(dense(2)),
    dense(4),
    relu,
    companion(dense(3), { weight: 0.25, loss: hingeLoss }),
  );
  const x = tensor([[1, 2]]), params = net.init(key(0), x);
  const { sides } = trainingPass(net, params, x, key(1));
  assertEquals(sides.map(({ output, weight, loss }) => [output.shape[1], weight, loss]), [
    [2, 1, undefined],
    [3, 0.25, hingeLoss],
  ]);
});
