/**
 * Elementwise ops, and updates of optimizers.
 *
 * @module
 */
import { type Case, casesOf, namedCases } from "./case.ts";

const MILLIONS = 2097152;
const COUNTS: Readonly<Record<string, number>> = { "2M": MILLIONS, "32k": 32768, "1001": 1001 };

const counted = <K extends "relu" | "gelu" | "sigmoid" | "tanh" | "add">(kind: K): Case<K>[] =>
  Object.entries(COUNTS).map(([size, n]) => ({ kind, name: `${kind} ${size}`, size: { n } }));

/** Elementwise ops; some at sizes where the cost of a call shows. */
export const ELEMENT_OPS: readonly Case[] = [
  ...counted("gelu"),
  ...counted("relu"),
  ...counted("sigmoid"),
  ...counted("tanh"),
  ...counted("add"),
  ...casesOf("dropout", { "dropout 2M": { n: MILLIONS }, "dropout 32k": { n: 32768 } }),
  ...casesOf("geluTanh", { "gelu by tanh 2M": { n: MILLIONS } }),
  ...casesOf("leakyRelu", { "leaky relu 2M": { n: MILLIONS } }),
  ...casesOf("exp", { "exp 2M": { n: MILLIONS } }),
  ...casesOf("silu", { "silu 2M": { n: MILLIONS } }),
  ...casesOf("softplus", { "softplus 2M": { n: MILLIONS } }),
  ...casesOf("mul", { "mul 2M": { n: MILLIONS } }),
  ...casesOf("div", { "x / (y² + 1) 2M": { n: MILLIONS } }),
];

type Update = { count: number; n: number };
const sized = (name: string) => ({ count, n }: Update) => `${name} ${count} × ${n}`;

/** Updates of one large parameter, and of many small ones. */
export const UPDATES: readonly Case[] = [
  ...namedCases("sgd", sized("sgd"), [{ count: 1, n: 2 * MILLIONS }, { count: 40, n: 9216 }]),
  ...namedCases("adam", sized("adam"), [{ count: 1, n: 2 * MILLIONS }, { count: 40, n: 9216 }]),
  ...namedCases("rmsprop", sized("rmsprop"), [{ count: 1, n: MILLIONS }]),
  ...namedCases("adagrad", sized("adagrad"), [{ count: 1, n: MILLIONS }]),
];
