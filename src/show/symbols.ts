/**
 * The symbols of the methods that Deno and Jupyter call to display an object.
 *
 * @module
 */

/** On the console: the method returns text. */
export const INSPECT: unique symbol = Symbol.for("Deno.customInspect");

/** On the console of Node and Bun: the method returns text. */
export const NODE_INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** In a Jupyter notebook: the method returns texts by their media types. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");
