/**
 * Nodes of an ONNX graph.
 *
 * @module
 */

/** An attribute of a node: numbers are integers unless wrapped in `float`. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** An operator, and the names of the values from which it makes others. */
export interface Node {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The nodes of a layer of a name, from the value x to the value y. */
export type ToNodes = (name: string, x: string, y: string) => Node[];

/** A layer that is one operator. */
export const operator =
  (opType: string, attributes: Node["attributes"] = {}): ToNodes => (name, x, y) => [
    { opType, name, input: [x], output: [y], attributes },
  ];
