/** The first letters have a colour each; the rest, such as snapshots, share the last two. */
const OWN_COLOURS = 6;

/**
 * The shape of one marble: an event is a circle with its letter, a lossless or newer one (a capital) has a ring, a gap is a
 * diamond with the number of events it stands for, a credit is a wedge, the end is a bar, an error a cross.
 */
export function marbleShape(marble: string, x: number, y: number, radius: number, isCredit: boolean): string {
  if (marble === '|') return `<path class="end" d="M${x} ${y - radius - 2}v${2 * radius + 4}"/>`;
  if (marble === '#') {
    const d = radius - 3;
    return `<path class="cross" d="M${x - d} ${y - d}l${2 * d} ${2 * d}M${x - d} ${y + d}l${2 * d} ${-2 * d}"/>`;
  }
  if (isCredit) return `<path class="credit" d="M${x - 8} ${y - 9}h16l-8 16z"/>`;
  if (/\d/.test(marble)) {
    const d = radius + 3;
    const diamond = `<path class="gap" d="M${x} ${y - d}l${d} ${d}l${-d} ${d}l${-d} ${-d}z"/>`;
    return `${diamond}<text class="count" x="${x}" y="${y + 0.5}">${marble}</text>`;
  }
  const isCapital = marble !== marble.toLowerCase();
  const index = marble.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0);
  const colour = index < OWN_COLOURS ? index : OWN_COLOURS + (index % 2);
  const ring = isCapital ? `<circle class="ring" cx="${x}" cy="${y}" r="${radius - 3}"/>` : '';
  return `<circle class="event c${colour}" cx="${x}" cy="${y}" r="${radius}"/>${ring}<text class="letter" x="${x}" y="${y + 0.5}">${marble}</text>`;
}
