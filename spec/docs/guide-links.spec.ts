/** Follows the links of the guide: files, headings, and the way from each page to the next. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const guide = join(__dirname, '../../docs/guide');
const pages = readdirSync(guide).filter((name) => name.endsWith('.md'));
const textOf = (path: string): string => readFileSync(path, 'utf8');

/** The targets of the links in a text, code left out. */
function linksOf(text: string): readonly string[] {
  return [...text.replace(/```[^]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The names that a page's headings can be linked by, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.replace(/```[^]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsSomewhere(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  return existsSync(file) && (anchor === undefined || anchorsOf(textOf(file)).includes(anchor));
}

describe('the links of the guide', () => {
  it.each(pages)('%s: all lead somewhere', (page) => {
    const from = join(guide, page);
    const local = linksOf(textOf(from)).filter((target) => !target.startsWith('https:'));
    expect(local.filter((target) => !leadsSomewhere(from, target))).toEqual([]);
  });

  it('its first page lists every other, once', () => {
    const listed = linksOf(textOf(join(guide, 'README.md'))).filter((target) => !target.includes('/'));
    expect([...listed].sort()).toEqual(pages.filter((page) => page !== 'README.md').sort());
  });

  it('each page ends with the one that is listed after it', () => {
    const listed = linksOf(textOf(join(guide, 'README.md'))).filter((target) => !target.includes('/'));
    const next = listed.map((page) => /^Next: \[[^\]]+\]\(([^)]+)\)\.$/m.exec(textOf(join(guide, page)))?.[1]);
    expect(next.slice(0, -1)).toEqual(listed.slice(1));
  });

  it('finds a dead link, and a heading that is not there', () => {
    const from = join(guide, 'errors.md');
    expect(leadsSomewhere(from, 'nothing.md')).toBe(false);
    expect(leadsSomewhere(from, 'errors.md#nothing')).toBe(false);
    expect(leadsSomewhere(from, '#codes-of-an-rpcerror')).toBe(true);
    expect(linksOf('[a](b.md#c) `x`\n```text\n[d](e.md)\n```\n')).toEqual(['b.md#c']);
  });
});
