/** The width of a line of text. */
const WIDTH = 110;

/** A description as the lines of a doc comment; none if there is no description. */
export function printComment(description: string | undefined, indent: string): readonly string[] {
  const text = (description ?? '').trim().replaceAll('*/', '*\\/').replaceAll('\r', '');
  if (text === '') return [];
  const lines = text.split('\n').flatMap((line) => wrap(line.trimEnd()));
  if (lines.length === 1) return [`${indent}/** ${text} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function wrap(text: string): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
