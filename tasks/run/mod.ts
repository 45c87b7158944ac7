/**
 * Runs: what programs outside `tasks` use of them.
 *
 * @module
 */
export { gitCommit } from "./environment.ts";
export { profileTable } from "./profile_table.ts";
