/** Calls `take` for each line of a stream that is not empty. */
export function readLines(stream, take) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line !== '') take(line);
  });
}
