/**
 * The option of tasks that write a generated file.
 *
 * @module
 */

/** The option that only reports whether what a task writes is up to date. */
export const checkOption = (what: string) =>
  ({
    check: {
      kind: "flag",
      default: false,
      help: `Write nothing; report whether ${what} is up to date, with exit code 1 if not.`,
    },
  }) as const;
