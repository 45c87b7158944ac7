/**
 * The command line: what programs outside `tasks` use of it.
 *
 * @module
 */
export { aligned } from "./align.ts";
export { programFromCaller } from "./caller.ts";
export { type Command, command, EXIT, openDevice, TaskError } from "./command.ts";
export { denoProgram, denoRun } from "./deno_program.ts";
export { NO_LOADER } from "./loader_variables.ts";
export { DEVICE_OPTIONS } from "./device_options.ts";
export { OptionError, type Values } from "./option_table.ts";
export { NPM } from "./npm.ts";
export { commandText } from "./quoted.ts";
