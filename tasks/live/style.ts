/**
 * The style sheet of the live page.
 *
 * @module
 */
import { FONT, PAGE, SERIES } from "../plots/palette.ts";

type Side = "light" | "dark";

const STATES = {
  busy: { light: "#005f96", dark: "#7cc0ee" },
  good: { light: "#00704f", dark: "#5fd4b0" },
  bad: { light: "#a84a00", dark: "#f7a673" },
  idle: PAGE.muted,
} as const;

const variables = (side: Side): string =>
  [
    ...Object.entries(PAGE).map(([name, shade]) => `--${name}:${shade[side]}`),
    ...Object.entries(STATES).map(([name, shade]) => `--${name}:${shade[side]}`),
    ...SERIES.map(({ mark }, i) => `--c${i}:${mark[side]}`),
  ].join(";");

/** The style rules of the page, light and dark. */
export const STYLE = `
:root{color-scheme:light dark;${variables("light")}}
@media (prefers-color-scheme:dark){:root{${variables("dark")}}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:.9375rem/1.45 ${FONT};
font-variant-numeric:tabular-nums lining-nums}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1,h2,h3{font-weight:600;line-height:1.25;overflow-wrap:anywhere}
h1{font-size:1.375rem;margin:0}
h2{font-size:1.0625rem;margin:2rem 0 .75rem}
h3{font-size:.875rem;margin:0}
p{margin:.35rem 0;overflow-wrap:anywhere}
.title{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem .9rem}
.facts,footer{color:var(--muted)}
.facts{max-width:60rem}
.fault{color:var(--bad);font-weight:600}
.state{font-size:.8125rem;font-weight:600;white-space:nowrap}
.state::before{content:"";display:inline-block;width:.55rem;height:.55rem;border-radius:50%;
background:currentColor;margin-right:.4rem}
.state.idle::before{background:none;border:1.5px solid}
.state.bad::before{border-radius:0;transform:rotate(45deg) scale(.85)}
.busy{color:var(--busy)}.good{color:var(--good)}.bad{color:var(--bad)}.idle{color:var(--muted)}
.bar{height:5px;border-radius:3px;background:var(--rule);overflow:hidden;margin:1rem 0 .9rem}
.bar div{height:100%;background:var(--busy)}
.tiles{display:flex;flex-wrap:wrap;gap:.9rem 2.25rem;margin:0}
.tiles dt{color:var(--muted);font-size:.78rem}
.tiles dd{margin:0;font-size:1.25rem;line-height:1.3}
.tiles dd.note{color:var(--muted);font-size:.78rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(27rem,100%),1fr));
gap:1.75rem 2rem;margin-top:1.75rem}
.charts.single{grid-template-columns:1fr}
.chart{margin:0;min-width:0}
.head{display:flex;align-items:center;gap:.6rem;min-height:1.5rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;list-style:none;margin:.15rem 0 .35rem;padding:0;
font-size:.8125rem}
.legend b,.tip b{margin-left:.3rem;font-weight:600}
.swatch{margin-right:.35rem;vertical-align:middle}
.plot{position:relative;min-width:0}
.plot>svg{display:block;touch-action:pan-y;overflow:visible}
.plot text{fill:var(--muted);font:11px ${FONT};font-variant-numeric:tabular-nums}
.rule{stroke:var(--rule)}.axis{stroke:var(--muted)}.shade{fill:var(--shade)}
.event{stroke:var(--muted);stroke-dasharray:2 3}
.line{fill:none;stroke:var(--c);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
.faint{opacity:.22;stroke-width:1.25}
.mark{fill:var(--c)}.dot{fill:var(--c);opacity:.5}.open{fill:var(--paper);stroke:var(--c);stroke-width:1.5}
${SERIES.map((_, i) => `.c${i}{--c:var(--c${i})}`).join("")}
.tip{position:absolute;top:.5rem;pointer-events:none;background:var(--paper);border:1px solid var(--rule);
border-radius:4px;padding:.3rem .55rem;font-size:.78rem;line-height:1.5;white-space:nowrap;
box-shadow:0 2px 8px rgb(0 0 0/.12);z-index:1}
.tip>:first-child{color:var(--muted)}
button{font:inherit;color:inherit;background:none;border:1px solid var(--rule);border-radius:4px;cursor:pointer}
button:disabled{cursor:default}
.tool{font-size:.75rem;padding:.05rem .5rem;color:var(--muted);font-weight:400}
.tool[aria-pressed=true]{color:var(--paper);background:var(--muted);border-color:var(--muted)}
.scroll{overflow-x:auto;margin-top:.5rem}
.tall{max-height:22rem;overflow-y:auto}
h2 .state{margin:0 .5rem}
table{border-collapse:collapse;font-size:.8125rem;line-height:1.35}
.caption{color:var(--muted);font-size:.8125rem;margin:1.25rem 0 0}
th{font-weight:600;text-align:left}
td,th{padding:.4rem .5rem;vertical-align:top}
tr>:first-child{padding-left:0}
tbody tr>*{border-top:1px solid var(--rule)}
.grid td{min-width:5.5rem}
.grid tbody th{min-width:7rem}
.shards td,.shards th{white-space:nowrap}
.runs{display:flex;flex-wrap:wrap;gap:.25rem}
.run{padding:.1rem .45rem;border-color:var(--rule);line-height:1.4;white-space:nowrap}
.run.busy,.run.bad{border-color:currentColor}
.run.good{color:var(--ink)}
.run.idle{border-style:dashed}
.run[aria-pressed=true]{outline:2px solid var(--busy);outline-offset:1px}
.run:not(:disabled):hover,.tool:hover{border-color:var(--muted)}
.seed{color:var(--muted);margin-right:.35rem;font-size:.75rem}
.mean{font-weight:600;margin-bottom:.2rem}
small{display:block;color:var(--muted);font-size:.75rem;margin-top:.15rem}
.numbers td,.numbers th{text-align:right;white-space:nowrap;padding:.2rem 0 .2rem 1.4rem}
.numbers thead th{position:sticky;top:0;background:var(--paper);font-weight:400;color:var(--muted)}
details{margin-top:2rem}
summary{cursor:pointer;font-weight:600;font-size:.875rem}
footer{margin-top:2rem;padding-top:.75rem;border-top:1px solid var(--rule);font-size:.8125rem}
footer code{font:.78rem/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
footer ul{margin:.25rem 0;padding-left:1.1rem}
:focus-visible{outline:2px solid var(--busy);outline-offset:2px}
`;
