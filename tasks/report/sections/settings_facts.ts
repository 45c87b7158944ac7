/**
 * The settings and environment of runs, and where they differ.
 *
 * @module
 */
import { counted, grouped } from "../../cli/format.ts";
import type { DataFacts } from "../../run/manifest.ts";
import type { FoundManifest } from "../../run/manifest.ts";
import type { Run } from "../../run/read_run.ts";
import type { Fact } from "../results.ts";

const show = (value: unknown): string =>
  Array.isArray(value) ? value.join(", ") || "none" : String(value);

const spaced = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Each setting with its value, or with its values and their numbers of runs. */
export function listSettings(runs: readonly Run[]): readonly Fact[] {
  const known = runs.flatMap(({ manifest: { settings } }) => settings ? [settings] : []);
  const names = [...new Set(known.flatMap((settings) => Object.keys(settings)))];
  return names.map((name) => [
    spaced(name),
    valuesText(known.map((settings) => name in settings ? show(settings[name]) : "not set")),
  ]);
}

/** Values, each once, with the number of runs where there are several. */
export function valuesText(values: readonly string[]): string {
  const groups = [...Map.groupBy(values, (value) => value)];
  if (groups.length === 1) return groups[0]![0];
  return groups.map(([value, all]) => `${value} (${counted(all.length, "run")})`).join("; ");
}

const dataText = (facts: Partial<DataFacts> | undefined): string | undefined =>
  facts &&
  [
    facts.name,
    facts.count && counted(facts.count, "image"),
    facts.sha256 && `SHA-256 ${facts.sha256}`,
  ].filter(Boolean).join(", ");

const programText = ({ program }: FoundManifest): string | undefined =>
  program &&
  [program.name, program.version, program.commit && `commit ${program.commit}`]
    .filter(Boolean).join(" ");

const deviceText = ({ device }: FoundManifest): string | undefined =>
  device && [device.name, device.description].filter(Boolean).join(": ");

const parametersText = ({ results }: FoundManifest): string | undefined =>
  results?.parameters === undefined ? undefined : grouped(results.parameters);

/** The facts of manifests beside settings. */
const ENVIRONMENT: readonly (readonly [string, (manifest: FoundManifest) => string | undefined])[] =
  [
    ["Program", programText],
    ["Deno", ({ deno }) => deno],
    ["System", ({ system }) => system],
    ["Device", deviceText],
    ["Training data", ({ data }) => dataText(data?.train)],
    ["Test data", ({ data }) => dataText(data?.test)],
    ["Parameters", parametersText],
  ];

/** Program, device and data from the runs' manifests. */
export const listEnvironment = (runs: readonly Run[]): readonly Fact[] =>
  ENVIRONMENT.flatMap(([name, read]): Fact[] => {
    const values = runs.map(({ manifest }) => read(manifest) ?? "").filter((value) => value !== "");
    return values.length > 0 ? [[name, valuesText(values)]] : [];
  });
