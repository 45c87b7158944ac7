/** A custom op with its own gradient: log cosh x, which overflows for |x| > 89 if computed naively. */
import * as g from "@goodinit/goodinit";

const { abs, add, exp, log, mul, sub, sum, tanh } = g.ops;

/**
 * |x| + log(1 + e^(-2|x|)) - log 2; its derivative is tanh x, which needs none of these intermediate values.
 */
const logCosh = g.ops.custom(
  "logCosh",
  (x) => sub(add(abs(x), log(add(1, exp(mul(-2, abs(x)))))), Math.LN2),
  (cotangent, [x]) => [mul(cotangent, tanh(x))],
);

await using run = await g.open();
const x = g.tensor([-100, -1, 0, 1, 100]);
const derivative = g.grad((x: g.Tensor) => sum(logCosh(x)));
const curvature = g.grad((x: g.Tensor) => sum(derivative(x)));
const [value, first, second] = await run.read([logCosh(x), derivative(x), curvature(x)]);

console.log("log cosh x:       ", g.tensor(value));
console.log("first derivative: ", g.tensor(first));
console.log("second derivative:", g.tensor(second));
