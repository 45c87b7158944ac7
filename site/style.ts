/**
 * The style sheet of the page.
 *
 * @module
 */
import { STYLE as CHARTS } from "../tasks/live/style.ts";
import type { INITS } from "./net/setting.ts";

/** The colors of initializations: their indices in the palette of charts. */
export const COLORS: Readonly<Record<keyof typeof INITS, number>> = {
  lsuv: 0,
  gaussian: 1,
  he: 2,
  orthonormal: 3,
  xavier: 4,
};

const choices = Object.entries(COLORS).map(([name, color]) => `.c-${name}{--c:var(--c${color})}`)
  .join("");

/** The style rules of the page, on top of those of charts. */
export const STYLE = `${CHARTS}
body{font-size:1rem;line-height:1.5}
main{max-width:68rem;padding:2.25rem 1.25rem 3rem}
.mark{color:var(--muted);font-size:.875rem;letter-spacing:.02em;margin:0 0 .25rem}
h1{font-size:clamp(1.75rem,1.2rem + 2.4vw,2.75rem);letter-spacing:-.02em;line-height:1.1;margin:0 0 .75rem}
h2{font-size:1.5rem;letter-spacing:-.01em;margin:3rem 0 .25rem}
.lead{font-size:1.0625rem;max-width:44rem;color:var(--muted);margin:0 0 1.5rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0}
.fields{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;align-items:end;margin:0 0 1rem}
.field{display:grid;gap:.25rem;font-size:.8125rem;color:var(--muted)}
.field output{color:var(--ink);font-weight:600}
.field input[type=range]{width:9rem;margin:.45rem 0}
.inline{display:inline-flex;align-items:center;gap:.5rem}
select,button{font:inherit;font-size:.9375rem;color:var(--ink);background:var(--paper);
border:1px solid var(--edge);border-radius:6px;padding:.3rem .7rem;min-height:2.25rem}
:root{--edge:#8b8b88}
@media (prefers-color-scheme:dark){:root{--edge:#72757c}}
button:hover:not(:disabled),select:hover{border-color:var(--ink)}
button:disabled{opacity:.55}
.primary{background:var(--busy);border-color:var(--busy);color:var(--paper);font-weight:600;padding:.3rem 1.1rem}
input{accent-color:var(--busy)}
figure{margin:0}
#picture .plot{min-height:300px}
#variance{display:block;width:100%}
#variance text{fill:var(--muted);font-size:11px}
#variance .title{fill:var(--ink);font-size:13px;font-weight:600}
#variance .one{stroke:var(--c0);stroke-width:1;stroke-dasharray:4 3}
#variance .before{stroke:var(--c1);fill:none;stroke-width:2}
#variance .after{stroke:var(--c0);fill:none;stroke-width:2.5}
#variance .asdrawn{stroke:var(--muted);fill:none;stroke-width:1.25;stroke-dasharray:2 3}
#variance circle.before{fill:var(--c1);stroke:none}
#variance circle.after{fill:var(--c0);stroke:none}
#variance .cursor{stroke:var(--c0);stroke-width:1;opacity:.5}
#variance .halo{fill:var(--c0);opacity:.18;stroke:none}
#maps{display:block;width:100%;image-rendering:pixelated}
figcaption{min-height:3rem;margin:.6rem 0 .4rem;max-width:44rem;font-size:1.0625rem}
.player{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem 1rem}
.player button{min-width:8rem}
.scrub{flex:1 1 7rem;max-width:30rem}#done-value{white-space:nowrap;min-width:4.5rem}
.scrub input{width:100%;margin:0}
.key{font-size:.8125rem;color:var(--muted);max-width:46rem;margin:.9rem 0 0}
.key span{display:inline-block;vertical-align:baseline;margin:0 .35rem 0 .9rem}
.key span:first-child{margin-left:0}.key+.key{margin-top:.15rem}
.spot{width:.6rem;height:.6rem;border-radius:50%}
.spot.after{background:var(--c0)}.spot.before{background:var(--c1)}
.ghost{width:1.3rem;border-top:2px dashed var(--muted);transform:translateY(-.25rem)}
.tone{width:.7rem;height:.7rem;border:1px solid var(--edge)}.tone.low{background:var(--c1)}.tone.high{background:var(--c0)}
details{margin-top:1rem}
fieldset{border:0;padding:0;margin:0 0 .9rem;min-width:0}
legend{font-size:.8125rem;color:var(--muted);padding:0;margin-bottom:.2rem}
.choice{display:inline-flex;align-items:center;gap:.4rem;margin:0 1.1rem .25rem 0;min-height:2rem}
${choices}
.choice[class*=c-]{border-bottom:3px solid var(--c)}
#data{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem 1rem}
#data legend{float:left;width:100%}
#data .fault{flex-basis:100%;margin:0}
#samples{height:32px;image-rendering:pixelated;border-radius:4px}
.file{font-size:.875rem;color:var(--muted)}
.file input{max-width:15rem;font-size:.8125rem}
#training button{margin-left:.5rem}
#train-state{min-height:1.5rem;color:var(--muted);font-size:.9375rem}
#curves{max-width:52rem}
#results{margin-top:.5rem}
#results th:first-child,#results td:first-child,#numbers td:first-child{text-align:left;padding-left:0}
.dropping{outline:3px dashed var(--busy);outline-offset:-8px}
footer a{color:var(--busy)}
@media (max-width:34rem){main{padding:1.5rem 1rem 2.5rem}.fields{gap:.6rem 1rem}
.field{flex:1 1 8.5rem}.field input[type=range],.field select{width:100%}.inline{flex:none}}
`;
