import type * as Protocol from '../../src/protocol/index.js';

/** Loads the protocol folder once more, as an application does that holds the ESM and the CommonJS build. */
export function loadSecondCopy(): typeof Protocol {
  let copy: typeof Protocol | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Protocol>('../../src/protocol/index.js');
  });
  if (copy === undefined) throw new Error('the second copy was not loaded');
  return copy;
}
