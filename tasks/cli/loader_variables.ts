/**
 * Variables of the system's loader, as `module load` and images of containers set them.
 *
 * @module
 */

/**
 * An environment for programs that tasks start. Deno lets a program that may start only named ones pass on no
 * variable that makes a program load other code; emptied, these do nothing, and may be passed on.
 */
export const NO_LOADER: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "LD_AUDIT",
    "LD_BIND_NOW",
    "LD_DEBUG",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LD_RUN_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
  ].map((name) => [name, ""]),
);
