const onExit = new Set<() => void>();

/**
 * Does something when this process exits, unless it is taken back before.
 *
 * However many things are guarded, `process` has one listener for all of them, and none when there are none. It is told
 * of `process.exit` and of an empty event loop, not of a signal nobody handles.
 *
 * @returns Takes it back.
 * @internal
 */
export function guardExit(cleanUp: () => void): () => void {
  // A function of its own for each call: the same one may be given twice.
  const entry = (): void => {
    cleanUp();
  };
  if (onExit.size === 0) process.on('exit', exiting);
  onExit.add(entry);
  return () => {
    if (onExit.delete(entry) && onExit.size === 0) process.off('exit', exiting);
  };
}

function exiting(): void {
  for (const cleanUp of onExit) cleanUp();
}
