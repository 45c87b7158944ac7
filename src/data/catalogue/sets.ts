/**
 * The list of data sets: one file and one line here for each.
 *
 * @module
 */
export { CIFAR10 } from "./cifar10.ts";
export { CIFAR100 } from "./cifar100.ts";
export { EMNIST } from "./emnist.ts";
export { FASHION_MNIST } from "./fashion_mnist.ts";
export { K49 } from "./k49.ts";
export { KMNIST } from "./kmnist.ts";
export { MNIST } from "./mnist.ts";
export { OWN_IDX } from "./own_idx.ts";
export { PICTURES } from "./pictures.ts";
export { PROCEDURAL } from "./procedural.ts";
export { QMNIST } from "./qmnist.ts";
export { SHAPES } from "./shapes.ts";
