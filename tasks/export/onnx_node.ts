/**
 * Nodes of an ONNX graph.
 *
 * @module
 */

/** An attribute of a node: numbers are integers unless wrapped in `float`. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** A node: an operator with the names of its inputs and outputs. */
export interface Node {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The nodes of a layer with a name, from the value x to the value y. */
export type ToNodes = (name: string, x: string, y: string) => Node[];

/** A constant list of integers. */
export const integers = (name: string, value_ints: readonly number[]): Node => ({
  opType: "Constant",
  name,
  input: [],
  output: [name],
  attributes: { value_ints },
});

/** A layer that is a single operator. */
export const operator =
  (opType: string, attributes: Node["attributes"] = {}): ToNodes => (name, x, y) => [
    { opType, name, input: [x], output: [y], attributes },
  ];
