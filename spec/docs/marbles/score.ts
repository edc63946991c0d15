/** One line of a score: something that happens in time. */
export interface Row {
  readonly label: string;
  /** RxJS marbles, one character a frame. Leading spaces say that a cold stream is subscribed to later. */
  readonly marbles: string;
}

/** A marble diagram as it is written: what the specs run, and what the pictures are drawn from. */
export interface Score {
  /** The file name of its picture, without the extension. */
  readonly name: string;
  readonly title: string;
  /** The expression under test. It is evaluated as it stands, so the picture cannot show another one. */
  readonly code: string;
  /** What `#` stands for. */
  readonly error: string | undefined;
  /** A sentence below the picture. */
  readonly note: string | undefined;
  readonly rows: readonly Row[];
}

/** Where the value of each line begins. */
const COLUMN = 10;
const WORDS = ['name', 'title', 'code', 'error', 'note'];

/** Reads a file of scores: one `label     value` a line, an empty line between two scores. */
export function parseScores(text: string): readonly Score[] {
  return text
    .split(/\n{2,}/)
    .map((block) => block.split('\n').filter((line) => line !== ''))
    .filter((lines) => lines.length > 0)
    .map(parseScore);
}

/** The marbles of the rows with this label, in order. */
export function rowsOf(score: Score, label: string): readonly string[] {
  return score.rows.filter((row) => row.label === label).map(({ marbles }) => marbles);
}

function parseScore(lines: readonly string[]): Score {
  const words = new Map<string, string>();
  const rows: Row[] = [];
  for (const line of lines) {
    const label = line.slice(0, COLUMN).trimEnd();
    const value = line.slice(COLUMN).trimEnd();
    if (label === '' || label.includes(' ') || value === '') throw new SyntaxError(`not a line of a score: "${line}"`);
    if (!WORDS.includes(label)) rows.push({ label, marbles: value });
    else if (words.has(label)) throw new SyntaxError(`a second ${label}: "${line}"`);
    else words.set(label, value);
  }
  const word = (name: string): string => {
    const value = words.get(name);
    if (value === undefined) throw new SyntaxError(`a score without a ${name}: "${lines[0] ?? ''}"`);
    return value;
  };
  const score = {
    name: word('name'),
    title: word('title'),
    code: word('code'),
    error: words.get('error'),
    note: words.get('note'),
    rows,
  };
  if (!rows.some(({ label }) => label === 'out')) throw new SyntaxError(`${score.name} has no line "out"`);
  return score;
}
