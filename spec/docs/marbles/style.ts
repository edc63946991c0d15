/** Fills of the letters: light, then dark. */
const fills = [
  ['#bfdbfe', '#1e40af'],
  ['#fde68a', '#92400e'],
  ['#bbf7d0', '#166534'],
  ['#fbcfe8', '#9d174d'],
  ['#ddd6fe', '#5b21b6'],
  ['#fed7aa', '#9a3412'],
  ['#a5f3fc', '#155e75'],
  ['#e5e7eb', '#4b5563'],
] as const;

const sans = "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

const theme = (index: 0 | 1, words: Readonly<Record<string, string>>): string =>
  [
    `svg{${Object.entries(words)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';')}}`,
    ...fills.map((pair, i) => `.c${i}{fill:${pair[index]}}`),
  ].join('');

const light = theme(0, {
  paper: '#ffffff',
  edge: '#d0d7de',
  ink: '#1f2328',
  soft: '#59636e',
  faint: '#d8dee4',
  panel: '#f6f8fa',
  credit: '#1a7f37',
  gap: '#cf222e',
  gapfill: '#fff1f0',
});
const dark = theme(1, {
  paper: '#0d1117',
  edge: '#30363d',
  ink: '#e6edf3',
  soft: '#9198a1',
  faint: '#2a313c',
  panel: '#161b22',
  credit: '#3fb950',
  gap: '#ff7b72',
  gapfill: '#3d1417',
});

/** The one style of all pictures: the reader's own choice of light or dark, and no font that must be loaded. */
export const style = [
  light,
  `@media(prefers-color-scheme:dark){${dark}}`,
  '.card{fill:var(--paper);stroke:var(--edge)}',
  `text{font-family:${sans};fill:var(--ink)}`,
  '.title{font-size:15px;font-weight:600}',
  `.label{font-family:${mono};font-size:13px;fill:var(--soft);text-anchor:end;dominant-baseline:central}`,
  `.code{font-family:${mono};font-size:13px;text-anchor:middle;dominant-baseline:central}`,
  '.note{font-size:13px;fill:var(--soft)}',
  '.time,.arrow{stroke:var(--soft);stroke-width:1.5;fill:none}',
  '.tick{stroke:var(--soft);stroke-width:1;opacity:.5}',
  '.guide{stroke:var(--faint);stroke-width:1.5;stroke-dasharray:2 4;fill:none}',
  '.lifetime{stroke:var(--credit);stroke-width:1.5;fill:none;opacity:.7}',
  '.box{fill:var(--panel);stroke:var(--edge)}',
  '.event{stroke:var(--ink);stroke-width:1.5}',
  '.ring{fill:none;stroke:var(--ink);stroke-width:1}',
  `.letter,.count{font-family:${mono};font-size:13px;font-weight:600;text-anchor:middle;dominant-baseline:central}`,
  '.gap{fill:var(--gapfill);stroke:var(--gap);stroke-width:1.75;stroke-dasharray:3 2}',
  '.count{fill:var(--gap)}',
  '.credit{fill:var(--credit)}',
  '.end{stroke:var(--ink);stroke-width:3}',
  '.cross{stroke:var(--gap);stroke-width:3;stroke-linecap:round}',
  `.error{font-family:${mono};font-size:12px;fill:var(--gap);dominant-baseline:central}`,
  '.together{fill:var(--panel);stroke:var(--soft);stroke-width:1}',
].join('');
