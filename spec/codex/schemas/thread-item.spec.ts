import { CodexInput, CodexItem } from '../../../src/codex/schemas/thread-item.js';

describe('item schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(CodexItem.safeParse({ type: 'agentMessage', id: 'i', text: 'x' }).success).toBe(true);
    expect(CodexItem.safeParse({ type: 'newKind', id: 'i', more: 1 }).success).toBe(true);
    expect(CodexInput.safeParse({ type: 'text', text: 'x', text_elements: [] }).success).toBe(true);
    expect(CodexInput.safeParse({ type: 'image', url: 'x' }).success).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexItem.safeParse({ type: 'agentMessage' }).success).toBe(false);
    expect(CodexItem.safeParse({ id: 'i' }).success).toBe(false);
    expect(CodexInput.safeParse({ text: 'x' }).success).toBe(false);
  });
});
