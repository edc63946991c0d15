import { existsSync } from 'node:fs';

import { demoCodex } from '../../src/cli/demo-codex.js';
import { ProgramError } from '../../src/cli/program-error.js';
import { run } from '../../src/testing/index.js';
import { fakeWorld } from './fake-world.js';

const REQUEST = { binary: undefined, command: 'ls' };

describe('codex for a demonstration', () => {
  it('has a model and a home of its own, both of which are gone with it', () => {
    run(({ flush }) => {
      const world = fakeWorld();
      const subscription = demoCodex(REQUEST, world).subscribe();
      const [codex] = world.codex;
      const [model] = world.models;
      const home = codex?.env?.['CODEX_HOME'] ?? '';
      expect(existsSync(home)).toBe(true);
      expect(codex?.config).toEqual({ model: 'mock' });
      expect([...model!.script({ text: '', toolOutputs: [], tools: [], index: 0 })]).toEqual([
        { type: 'run', command: 'ls' },
      ]);
      subscription.unsubscribe();
      expect(model!.isListening()).toBe(false);
      // It may still write there.
      expect(existsSync(home)).toBe(true);
      codex?.exits({ code: 0, signal: null });
      expect(existsSync(home)).toBe(false);
      flush();
    });
  });

  it('shows what codex had to say only when it failed', () => {
    for (const orderly of [true, false]) {
      const world = fakeWorld();
      const demo = demoCodex(REQUEST, world).subscribe((client) => client.ready$.subscribe({ error: () => undefined }));
      const [codex] = world.codex;
      codex?.says('WARNING: a strange home\n');
      expect(world.terminal.errors()).toBe('');
      codex?.wire.end({ reason: 'peer exited', orderly });
      codex?.exits({ code: orderly ? 0 : 1, signal: null });
      expect(world.terminal.errors()).toBe(orderly ? '' : 'WARNING: a strange home\n');
      demo.unsubscribe();
    }
  });

  it('leaves nothing behind where there is no codex', () => {
    const world = fakeWorld();
    const error = new ProgramError(6, 'no codex');
    const codex = () => {
      throw error;
    };
    const errors: unknown[] = [];
    demoCodex(REQUEST, { ...world, wires: { ...world.wires, codex } }).subscribe({
      error: (thrown: unknown) => errors.push(thrown),
    });
    expect(errors).toEqual([error]);
    expect(world.models.map(({ isListening }) => isListening())).toEqual([false]);
  });
});
