import { startMockModel } from '../../../src/codex/index.js';
import { ask, eventsOf } from './ask-model.js';

describe('startMockModel', () => {
  it('is polite without a script, and remembers what it was asked', async () => {
    const model = await startMockModel();
    expect(eventsOf(await (await ask(model, ['exec_command'])).text())).toHaveLength(9);
    await (await ask(model)).text();
    expect(model.requests).toEqual([
      { text: 'hi', toolOutputs: [], tools: ['exec_command'], index: 0 },
      { text: 'hi', toolOutputs: [], tools: [], index: 1 },
    ]);
    expect(model.config).toMatchObject({ model_providers: { mock: { base_url: model.url } } });
    await model.close();
  });

  it('answers with an error where the script says so', async () => {
    const model = await startMockModel({ script: () => [{ type: 'fail', status: 429 }] });
    const answer = await ask(model);
    expect([answer.status, await answer.json()]).toEqual([
      429,
      { error: { message: 'the script fails', code: 'mock' } },
    ]);
    await model.close();
  });

  it('fails where its script throws', async () => {
    const model = await startMockModel({
      script: () => {
        throw new Error('no line for this');
      },
    });
    const answer = await ask(model);
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: { message: 'Error: no line for this', code: 'mock' } },
    ]);
    await model.close();
  });

  it('breaks the answer where a step cannot be', async () => {
    const model = await startMockModel({
      script: () => [
        { type: 'say', pieces: ['x'] },
        { type: 'fail', status: 500 },
      ],
    });
    await expect(ask(model).then((answer) => answer.text())).rejects.toThrow(/fetch failed|terminated/);
    await model.close();
  });

  it('has a list of models that is empty, and nothing else', async () => {
    const model = await startMockModel();
    const answers = await Promise.all(['models', 'other'].map((path) => fetch(`${model.url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(await answers[0]?.json()).toEqual({ object: 'list', data: [], models: [] });
    await model.close();
  });

  it('can be closed while somebody listens', async () => {
    const model = await startMockModel({ script: () => [{ type: 'hang' }] });
    const answer = await ask(model);
    const text = answer.text();
    const broken = expect(text).rejects.toThrow('terminated');
    await model.close();
    await broken;
  });
});
