import { politeModel } from '../../../src/codex/index.js';

const asked = { text: 'hi', toolOutputs: [], tools: [], index: 0 };

describe('politeModel', () => {
  it('greets, runs what follows a !, and tells what came of it', () => {
    expect(politeModel(asked)).toEqual([{ type: 'say', pieces: ['Hello', ' from', ' the', ' mock', ' model.'] }]);
    expect(politeModel({ ...asked, text: '! ls -l' })).toEqual([{ type: 'run', command: 'ls -l' }]);
    expect(politeModel({ ...asked, text: '! ls', toolOutputs: ['a', 'b'] })).toEqual([
      { type: 'say', pieces: ['It said: ', 'a\nb'] },
    ]);
  });
});
