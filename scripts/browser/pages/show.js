/** Adds a line to a list of the page. */
export function show(list, text) {
  document.getElementById(list).appendChild(document.createElement('li')).textContent = text;
}

/** Adds a line for an event, or for a gap, and counts it. */
export function showEvent(event, count) {
  if (event.type === 'lagged') {
    count.gaps += 1;
    count.skipped += event.skipped;
    show('events', `… ${event.skipped} skipped`);
  } else {
    count.shown += 1;
    show('events', `${event.method ?? 'tick'} ${String(event.params?.delta ?? event.n ?? '').slice(0, 60)}`);
  }
}
