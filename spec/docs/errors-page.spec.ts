/**
 * Compares docs/guide/errors.md with the source of layers 0 to 3 and of the testing entry: whatever these can say when
 * something is wrong stands on the page, and a new error without a line there makes this red.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { readTexts } from '../architecture/source.js';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/guide/errors.md'), 'utf8');

/**
 * Of these the page tells kinds and reasons, not each message: there are many, and they follow a protocol of others, or are
 * what the two ends of the conformance suite say to each other.
 */
const OTHERS = [
  'testing/conformance',
  'app-server',
  'thread-state',
  'node',
  'codex',
  'angular',
  'react',
  'devtools',
  'cli',
];

/** Which argument of a constructor is the message. */
const MESSAGE_AT: Readonly<Record<string, number>> = {
  RpcError: 1,
  TransportError: 1,
  TypeError: 0,
  RangeError: 0,
  SyntaxError: 0,
  Error: 0,
};

interface Saying {
  readonly kind: 'error' | 'close reason' | 'diagnostic' | 'code' | 'failure';
  readonly text: string;
}

/** What a literal says, with … for what is filled in; either of two, if it chooses, or the default. Nothing for what is no literal. */
function textsOf(node: ts.Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return textsOf(node.right);
  if (!ts.isTemplateExpression(node)) return [];
  return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
}

function member(node: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return node.properties.find((property) => property.name?.getText() === name);
}

/** What a member of an object is set to. */
function valueOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = member(node, name);
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

function sayingsOf(path: string, text: string): readonly Saying[] {
  const sayings: Saying[] = [];
  const say = (kind: Saying['kind'], node: ts.Node | undefined): void => {
    // The first line is enough to find it by.
    for (const text of textsOf(node)) if (/\w/.test(text)) sayings.push({ kind, text: text.split('\n')[0] ?? '' });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const at = MESSAGE_AT[node.expression.getText()];
      if (at !== undefined) say('error', node.arguments?.[at]);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword) {
      say('error', node.arguments[0]);
    } else if (ts.isObjectLiteralExpression(node)) {
      if (member(node, 'code') !== undefined) say('error', valueOf(node, 'message'));
      // Alone, it replaces the reason of another.
      if (member(node, 'orderly') !== undefined || node.properties.length === 1)
        say('close reason', valueOf(node, 'reason'));
      if (member(node, 'method') !== undefined) say('error', valueOf(node, 'reason'));
    } else if (ts.isParameter(node) && node.name.getText() === 'reason') {
      say('close reason', node.initializer);
    } else if (ts.isFunctionDeclaration(node) && node.name?.text === 'explain') {
      // The messages of LagError are chosen by a function.
      const explain = (inner: ts.Node): void => {
        if (ts.isTemplateExpression(inner)) say('error', inner);
        ts.forEachChild(inner, explain);
      };
      explain(node);
    } else if (
      ts.isTypeAliasDeclaration(node) &&
      ['Diagnostic', 'TransportFailure', 'ThreadStoreFailure'].includes(node.name.text)
    ) {
      const kind = node.name.text === 'Diagnostic' ? 'diagnostic' : 'failure';
      const union = ts.isUnionTypeNode(node.type) ? node.type.types : [];
      for (const one of union) sayings.push({ kind, text: /'(\w+)'/.exec(one.getText())?.[1] ?? '' });
    } else if (ts.isVariableDeclaration(node) && node.name.getText() === 'ErrorCode') {
      for (const [code] of node.getText().matchAll(/-\d{5}/g)) sayings.push({ kind: 'code', text: code });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return sayings;
}

const sayings = [...readTexts(root, 'src')]
  .map(([path, text]) => [OTHERS.some((folder) => path.startsWith(`src/${folder}/`)), sayingsOf(path, text)] as const)
  .flatMap(([isOther, said]) => (isOther ? said.filter(({ kind }) => kind === 'failure') : said));
const distinct = [...new Map(sayings.map((saying) => [saying.kind + saying.text, saying])).values()];

describe('the page about errors', () => {
  it.each(distinct.map(({ kind, text }) => [kind, text] as const))('tells of the %s "%s"', (_, text) => {
    expect(page).toContain(`\`${text}\``);
  });

  it('tells of nothing else as a message, a diagnostic or a code of ours', () => {
    const known = new Set(distinct.map(({ text }) => text));
    // The first cell of each row of a table.
    const told = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text = '']) => text);
    expect(told.filter((text) => !known.has(text))).toEqual([]);
  });
});

describe('the reader of sayings', () => {
  it('finds what can be said, and puts … for what is filled in', () => {
    const source = [
      'const a = new RpcError(1, `no ${x} in ${y}`);',
      "const b = new TransportError('full', 'too much');",
      "const c = new TypeError('wrong');",
      "const d = { reason: 'gone', orderly: true };",
      "const e = { code: 1, message: 'by hand' };",
      'const f = new RpcError(1, messageOf(error));',
      "const g = { type: 'ignored', method, reason: 'late' };",
      "const h = new Error(x ? 'yes' : 'no');",
      "function close(reason = 'bye') {}",
      "type TransportFailure = 'closed' | 'full';",
    ];
    expect(sayingsOf('x.ts', source.join('\n')).map(({ text }) => text)).toEqual([
      'no … in …',
      'too much',
      'wrong',
      'gone',
      'by hand',
      'late',
      'yes',
      'no',
      'bye',
      'closed',
      'full',
    ]);
  });
});
