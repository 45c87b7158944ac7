/**
 * What all runs have in common, and in what they differ.
 *
 * @module
 */
import { counted, grouped } from "../cli/format.ts";
import type { Fact } from "./results.ts";
import type { Run } from "../run/read_run.ts";

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(", ") || "none" : String(value);

const titled = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Settings with each value that they take; how many runs have it where there are several. */
export function settingsFacts(runs: readonly Run[]): readonly Fact[] {
  const known = runs.flatMap(({ manifest: { settings } }) => settings ? [settings] : []);
  const names = [...new Set(known.flatMap((settings) => Object.keys(settings)))];
  return names.map((name) => [
    titled(name),
    valuesText(known.map((settings) => name in settings ? shown(settings[name]) : "not set")),
  ]);
}

/** Values, each once; with how often where there are several. */
export function valuesText(values: readonly string[]): string {
  const groups = [...Map.groupBy(values, (value) => value)];
  if (groups.length === 1) return groups[0]![0];
  return groups.map(([value, all]) => `${value} (${counted(all.length, "run")})`).join("; ");
}

const dataText = (facts: { name?: string; count?: number; sha256?: string } | undefined) =>
  facts &&
  [
    facts.name,
    facts.count && counted(facts.count, "image"),
    facts.sha256 && `SHA-256 ${facts.sha256}`,
  ]
    .filter(Boolean).join(", ");

/** Program, device and data as the runs' manifests have them. */
export function environmentFacts(runs: readonly Run[]): readonly Fact[] {
  const of = (name: string, tell: (run: Run) => string | undefined): Fact[] => {
    const values = runs.map(tell).filter((value) => value !== undefined && value !== "");
    return values.length > 0 ? [[name, valuesText(values as string[])]] : [];
  };
  return [
    ...of("Program", ({ manifest: { program } }) =>
      program &&
      [program.name, program.version, program.commit && `commit ${program.commit}`]
        .filter(Boolean).join(" ")),
    ...of("Deno", ({ manifest }) => manifest.deno),
    ...of("System", ({ manifest }) => manifest.system),
    ...of(
      "Device",
      ({ manifest: { device } }) =>
        device && [device.name, device.description].filter(Boolean).join(": "),
    ),
    ...of("Training data", ({ manifest }) => dataText(manifest.data?.train)),
    ...of("Test data", ({ manifest }) => dataText(manifest.data?.test)),
    ...of(
      "Parameters",
      ({ manifest }) =>
        manifest.results?.parameters === undefined
          ? undefined
          : grouped(manifest.results.parameters),
    ),
  ];
}
