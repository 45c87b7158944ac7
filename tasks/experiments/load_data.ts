/**
 * The data of an experiment's runs.
 *
 * @module
 */
import { PICTURES } from "../../src/data/catalogue/pictures.ts";
import { reportDownloads } from "../datasets/download_progress.ts";
import { loadData, type Loaded } from "../datasets/load_data.ts";
import type { TaskName } from "../run/settings.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description } from "./description.ts";
import { standardizeSplits } from "./standardize.ts";

/** The source of an experiment's data. */
export interface DataSource {
  readonly trains: TaskName;
  /** The data set that the experiment itself names, if any; no other may then replace it. */
  readonly dataset: unknown;
  readonly images?: Description["images"] | undefined;
  /** Its folder. */
  readonly data?: string | undefined;
  readonly quiet: boolean;
}

/** The run with the most images, whose data identifies the experiment. */
export function largest(cells: readonly PlannedCell[]): PlannedCell {
  const images = ({ settings }: PlannedCell) => settings.subset ?? Infinity;
  return cells.reduce((most, cell) => images(cell) > images(most) ? cell : most);
}

/** Loads the data of runs, caching the last one, as most runs of an experiment share it. */
export function createDataLoader(
  { trains, dataset: named, images, data, quiet }: DataSource,
): (cell: PlannedCell) => Promise<Loaded> {
  const reporter = reportDownloads({ quiet, terminal: Deno.stderr.isTerminal() });
  const load = async (request: Parameters<typeof loadData>[0]): Promise<Loaded> => {
    const loaded = await loadData(request, { reporter });
    return images ? { ...loaded, splits: standardizeSplits(loaded.splits) } : loaded;
  };
  let last: { readonly key: string; readonly loaded: Promise<Loaded> } | undefined;
  return ({ settings }) => {
    const { dataset, net, subset, testSubset, size, crop, preprocessing } = settings;
    const orProcedural = named === undefined;
    const request = {
      ...{ task: trains, dataset, subset, testSubset, data, orProcedural },
      ...{ size, crop, preprocessing, pixelScale: settings.pixelScale },
      // The net decides the size of pictures alone: other data is shared by the nets of an experiment.
      net: dataset === PICTURES.name ? net : undefined,
    };
    const key = JSON.stringify(request);
    if (last?.key !== key) last = { key, loaded: load(request) };
    return last.loaded;
  };
}
