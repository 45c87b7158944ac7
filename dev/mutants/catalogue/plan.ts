/**
 * Faults of the planner.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const PLAN = "tests/plan/plan.test.ts", ELEMENTWISE = "tests/plan/fuse_elementwise.test.ts";
const EPILOGUES = "tests/plan/fuse_epilogues.test.ts", SNAPSHOTS = "tests/plan/snapshots.test.ts";
const CANONICAL = "tests/plan/canonicalize.test.ts", AXES = "tests/plan/axes.test.ts";
const BATCH = "tests/plan/batch_dispatches.test.ts", ROWS = "tests/plan/row_alignment.test.ts";
const BUFFERS = "tests/plan/buffer_assignment.test.ts";
const NUMBERING = "tests/plan/value_numbering.test.ts", COST = "tests/plan/cost.test.ts";

/** Faults of `src/plan`. */
export const PLAN_FAULTS: readonly Fault[] = [
  ...faultsIn("src/plan/axes.ts", [AXES, ROWS], [
    [
      "a.lo > 0 || a.hi < a.size || a.every > 1",
      "a.lo > 0 || a.hi < a.size",
      "a view with zeros between elements counts as whole",
    ],
    ["(outer.stride === axis.stride * axis.size)", "true", "axes that are not adjacent are merged"],
    ["if (size % wanted) return undefined;", "", "axes are cut where they cannot be"],
  ]),
  ...faultsIn("src/plan/batch_dispatches.ts", [BATCH], [
    [
      "for (const reader of readers.get(v) ?? []) on.add(reader);",
      "",
      "a value is written before it has been read",
    ],
    [
      "group.kind === kind && !before.has(group)",
      "group.kind === kind",
      "a dispatch joins a group that it depends on",
    ],
    [
      "while (alive + this.#bound > this.#most)",
      "while (false as boolean)",
      "waiting takes any memory",
    ],
  ]),
  ...faultsIn("src/plan/buffer_assignment.ts", [BUFFERS, PLAN, SNAPSHOTS], [
    [
      "this.#last[before - 1]! < first",
      "this.#last[before - 1]! <= first",
      "a step writes over what it reads",
    ],
    [
      "values[b]!.bytes - values[a]!.bytes",
      "values[a]!.bytes - values[b]!.bytes",
      "large values are put in small buffers",
    ],
  ]),
  ...faultsIn("src/plan/canonicalize.ts", [CANONICAL], [
    ['Object.is(value, -0) ? "-0" : value', "value", "steps with 0 and -0 share code"],
    [
      "${a.size},${a.stride},${a.lo},${a.hi},${a.every}",
      "${a.size},${a.lo},${a.hi},${a.every}",
      "steps that read at other strides share code",
    ],
    [
      "`${e.op.name} ${showAttrs(e.attrs)} ${args.join()} ${type}`",
      "`${e.op.name} ${args.join()} ${type}`",
      "steps with other attributes share code",
    ],
    [
      "const key = `${slot}+${offset}`;",
      "const key = `${slot}`;",
      "two parts of a buffer are bound as one",
    ],
    [
      "if (region) text.lines.push(`${region.inner} of every ${region.stride}`);",
      "",
      "steps that store in other regions share code",
    ],
  ]),
  ...faultsIn("src/plan/cost.ts", [COST, PLAN], [
    [
      "sizeOf(step.spec.shape) * allStores(step).length",
      "sizeOf(step.spec.shape)",
      "only one of several results is counted",
    ],
    ['dtype === "f32" ? 1 : 0', "1", "integer operations count as flops", {
      tests: [COST, PLAN, SNAPSHOTS],
    }],
  ]),
  ...faultsIn("src/plan/cse.ts", [ELEMENTWISE, PLAN, EPILOGUES, SNAPSHOTS], [
    [
      "`view ${numbers.get(source)} ${JSON.stringify(e.view)}`",
      "`view ${numbers.get(source)}`",
      "two views of a value are one",
    ],
    ["one(e, `load ${e.slot}`)", "one(e, `load`)", "all values that are read are one"],
  ]),
  ...faultsIn("src/plan/fuse_elementwise.ts", [ELEMENTWISE, PLAN], [
    ["!indexing(reader).other.has(slot)", "true", "a value that is read at other places is fused"],
    [
      "if (loads.size > maxLoads) return false;",
      "",
      "a fused step that reads too much is tried",
      { equivalent: "what is fused is asked again whether a device can bind it" },
    ],
    [
      "search.returns ? undefined : { side, steps: search.found }",
      "{ side, steps: search.found }",
      "steps are fused around one that is between them",
    ],
    [
      "isElementwise(reader) && sizeOfStep(reader) === sizeOfStep(step)",
      "isElementwise(reader)",
      "steps of other sizes are fused",
      { equivalent: "a reader of another size reads through a view, which is not fused" },
    ],
  ]),
  ...faultsIn("src/plan/fuse_epilogues.ts", [EPILOGUES, PLAN], [
    ["this.#storedAt[slot]! < at", "true", "an epilogue reads what is computed later"],
    [
      "fusion?.steps.every(({ step }) => isBindable(step, this.#policy))",
      "fusion",
      "a fused kernel binds more buffers than there are",
    ],
    ['this.#slots[slot]!.kind === "temporary";', "true;", "an output that is needed is fused away"],
  ]),
  ...faultsIn(
    "src/plan/fuse_concat.ts",
    [EPILOGUES, "tests/plan/piecewise/concatenation.test.ts"],
    [
      [
        "if (cut.pieces.some((piece) => isWithin(piece, elsewhere))) return undefined;",
        "",
        "a result that is read in another order is fused into pieces",
      ],
    ],
  ),
  ...faultsIn("src/plan/lifetimes.ts", [BUFFERS, BATCH, PLAN], [
    [
      "if (life) life.last = at;",
      "if (life) life.last = Math.max(life.first, at - 1);",
      "buffers are freed a step early",
    ],
    ["alive[last + 1]! -= bytes;", "alive[last]! -= bytes;", "a value's last step is not counted"],
  ]),
  ...faultsIn("src/plan/row_alignment.ts", [ROWS], [
    [
      "return left === 1 && reach < width;",
      "return left === 1;",
      "a view that reaches into the next row counts as within it",
      { equivalent: "the last row of such a view would reach past its source" },
    ],
    ["e.size % rows === 0", "true", "a value that rows do not divide counts as aligned"],
  ]),
  ...faultsIn("src/plan/value_numbering.ts", [NUMBERING, PLAN], [
    [
      "${showAttrs(attrs)} ${dtype} ${shape} of ${from}",
      "${dtype} ${shape} of ${from}",
      "nodes of other attributes are one",
    ],
    [
      "isFlat(view, source.size) ? shape.join() : JSON.stringify(view)",
      "shape.join()",
      "views of one shape are one",
    ],
    [
      'op.kind === "leaf" || op.kind === "concat") return this.distinct(x)',
      'op.kind === "concat") return this.distinct(x)',
      "leaves of one shape are one",
    ],
  ]),
];
