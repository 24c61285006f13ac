/** How a report looks on a screen and on paper. */
export const styleSheet = `
:root{color-scheme:light;--ink:#1a1a1a;--soft:#4a4f57;--rule:#c9cdd4;--warn:#8a2a00}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 3rem;font:1.05rem/1.55 'Libertinus Serif',Georgia,'Times New Roman',serif;color:var(--ink);background:#fff}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .6rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--rule);padding-bottom:.15rem}
a{color:#00508a}
a:focus-visible{outline:3px solid #00508a;outline-offset:2px}
.banner{background:#fff3d6;border:2px solid #b36b00;padding:.6rem .8rem;font-weight:bold}
.head{margin:.15rem 0;color:var(--soft)}
.not-issued{color:var(--warn);font-weight:bold}
.language{color:var(--soft);font-size:.8em}
.languages{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;margin:.8rem 0 0}
dl{display:grid;gap:.25rem;margin:.6rem 0}
dl div{display:grid;grid-template-columns:minmax(9rem,1fr) 2fr;gap:.8rem;border-bottom:1px dotted var(--rule)}
dt{color:var(--soft)}dd{margin:0}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95em;margin:.6rem 0}
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{border-bottom:1px solid var(--rule);padding:.3rem .5rem;text-align:left;vertical-align:top;font-weight:normal}
thead th{font-weight:bold}
figure{margin:1rem 0}
figure svg{max-width:100%;height:auto;border:1px solid var(--rule)}
figcaption{color:var(--soft);font-size:.9em}
footer{margin-top:2.5rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.85rem}
.cite{overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}figure,tr,dl div{break-inside:avoid}h2{break-after:avoid}@page{margin:18mm}}
`.trim()
