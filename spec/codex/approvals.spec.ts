import { map, NEVER } from 'rxjs';

import { appServerContract } from '../../src/app-server/index.js';
import { connect } from '../../src/client/index.js';
import { type Approval, approvals, type CodexContract } from '../../src/codex/index.js';
import { fakeWire, run, scriptedServer } from '../../src/testing/index.js';
import { type Equal, expectType } from '../protocol/expect-type.js';
import { watch } from '../rules/support.js';
import { scriptedCodex, THREAD } from './scripted-codex.js';

const about = (itemId: string) => ({ threadId: THREAD, turnId: '2', itemId });
const COMMAND = 'item/commandExecution/requestApproval';
const FILES = 'item/fileChange/requestApproval';

/** The items of a list, as a word. */
const named = map((open: readonly { readonly params: { readonly itemId: string } }[]) =>
  open.map(({ params }) => params.itemId).join(''),
);

describe('approvals', () => {
  it('is the list of open questions, anew with each change, and at once for who comes late (S2)', () => {
    run(({ cold, expectObservable }) => {
      const { client, server } = scriptedCodex();
      const asked = '   -a--b-------';
      const settled = ' ------a---b-';
      const early = '   ^-----------';
      const earlyOut = 'ev--w-x---y-';
      const late = '    -----^------';
      const lateOut = ' -----wx---y-';
      const questions = new Map<string, { unsubscribe(): void }>();
      cold(asked).subscribe((item) => {
        questions.set(item, server.ask(item === 'a' ? COMMAND : FILES, about(item)).subscribe());
      });
      cold(settled).subscribe((item) => questions.get(item)?.unsubscribe());
      const lists = { e: '', v: 'a', w: 'ab', x: 'b', y: '' };
      expectObservable(approvals(client).pipe(named), early).toBe(earlyOut, lists);
      expectObservable(approvals(client).pipe(named), late).toBe(lateOut, lists);
    });
  });

  it('is an empty list, and over, for who comes after the end', () => {
    const wire = fakeWire();
    const client = connect(wire, appServerContract);
    wire.end();
    expect(watch(approvals(client))).toMatchObject({ values: [[]], end: 'complete' });
  });

  it.each(['accept', 'acceptForSession', 'decline', 'cancel'] as const)(
    'answers %s, and the first answer wins (S3)',
    (decision) => {
      const { client, server } = scriptedCodex();
      const answer = watch(server.ask(COMMAND, about('a')));
      const seen = watch(approvals(client));
      const [approval] = seen.values.at(-1) ?? [];
      const settled = watch(approval?.settled$ ?? NEVER);
      expect(approval?.[decision]()).toBe('sent');
      expect(answer.values).toEqual([{ decision }]);
      expect(settled.end).toBe('complete');
      expect(approval?.decline()).toBe('alreadySettled');
      expect(seen.values.at(-1)).toEqual([]);
    },
  );

  it('has the question s own members and answers besides', () => {
    const { client, server } = scriptedCodex();
    const answers = [watch(server.ask(COMMAND, about('a'))), watch(server.ask(FILES, about('b')))];
    const [first, second] = watch(approvals(client)).values.at(-1) ?? [];
    expect(first).toMatchObject({ id: 0, method: COMMAND, params: about('a'), seq: expect.any(Number) });
    const amended = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch', 'x'] } };
    first?.respond({ decision: amended });
    second?.fail(new Error('no idea'));
    expect(answers.map(({ values }) => values)).toEqual([[{ decision: amended }], []]);
    expect(answers[1]?.error).toMatchObject({ code: -32603, message: 'no idea' });
  });

  it('shows lists in order also to who answers while it reads one', () => {
    const { client, server } = scriptedCodex();
    const shown: number[] = [];
    approvals(client).subscribe((open) => {
      for (const approval of open) approval.accept();
      shown.push(open.length);
    });
    server.ask(COMMAND, about('a')).subscribe();
    expect(shown).toEqual([0, 1, 0]);
  });

  it('leaves other questions to others', () => {
    const { client, server } = scriptedCodex();
    server.ask('item/tool/requestUserInput', { ...about('a'), questions: [] }).subscribe();
    expect(watch(approvals(client)).values).toEqual([[]]);
    expect(client.openRequests()).toHaveLength(1);
  });

  it('empties its list and completes when the connection ends', () => {
    for (const orderly of [true, false]) {
      const { client, server } = scriptedCodex();
      server.ask(COMMAND, about('a')).subscribe({ error: () => undefined });
      const seen = watch(approvals(client).pipe(named));
      server.wire.end({ reason: 'gone', orderly });
      expect([seen.values, seen.end]).toEqual([['a', ''], 'complete']);
    }
  });

  it('unsubscribed, leaves the questions open', () => {
    const { client, server } = scriptedCodex();
    const seen = watch(approvals(client));
    seen.unsubscribe();
    server.ask(COMMAND, about('a')).subscribe();
    expect(seen.values).toEqual([[]]);
    expect(client.openRequests()).toHaveLength(1);
  });

  it('works with the contract of our own app server, and is typed by the contract', () => {
    const server = scriptedServer(appServerContract);
    const open = approvals(connect(server.wire, appServerContract));
    expect(open).toBeDefined();
    expectType<Equal<Approval<typeof appServerContract>['method'], typeof COMMAND>>();
    expectType<Equal<Approval<CodexContract>['method'], typeof COMMAND | typeof FILES>>();
  });
});
