import { type Member, MemberGroup } from '../../src/server/member-group.js';
import { type Plain, servePlain } from '../rules/support.js';

function makeMember(isEnded = false): Member<Plain> {
  return { isEnded, groups: new Set() } as unknown as Member<Plain>;
}

describe('S4 a group', () => {
  it('welcomes a newcomer once, when it already is a member', () => {
    const welcomed: unknown[] = [];
    const group = new MemberGroup<Plain>((into, member) => {
      welcomed.push([into === group, member, into.members.has(member)]);
    });
    const member = makeMember();
    expect([group.add(member), group.add(member)]).toEqual([true, true]);
    expect(welcomed).toEqual([[true, member, true]]);
    expect(member.groups).toEqual(new Set([group]));
  });

  it('welcomes one who left and came back', () => {
    let welcomed = 0;
    const group = new MemberGroup<Plain>(() => {
      welcomed += 1;
    });
    const member = makeMember();
    group.add(member);
    expect([group.delete(member), group.delete(member)]).toEqual([true, false]);
    expect([group.members.size, member.groups.size]).toEqual([0, 0]);
    group.add(member);
    expect(welcomed).toBe(2);
  });

  it('takes nobody who has ended', () => {
    const group = new MemberGroup<Plain>(() => {
      throw new Error('nobody to welcome');
    });
    expect(group.add(makeMember(true))).toBe(false);
    expect(group.members.size).toBe(0);
  });
});

describe('D3 a connection that ends', () => {
  it('leaves all its groups by itself, and no other leaves with it', () => {
    const { server, wire, connection } = servePlain();
    const other = servePlain().connection;
    const groups = [server.audience(), server.audience()];
    for (const group of groups) {
      group.add(connection);
      group.add(other);
    }
    wire.end();
    expect(groups.map(({ members }) => [...members])).toEqual([[other], [other]]);
    expect(server.everyone.members.size).toBe(0);
  });
});

describe('U-R5.9 one who joins', () => {
  it('is a member at once and asked nothing before it is welcomed', () => {
    const welcomed: unknown[] = [];
    const group = new MemberGroup<Plain>((_, member) => welcomed.push(member));
    const member = makeMember();
    expect(group.join(member)).toBe(true);
    expect([group.members.has(member), group.isArriving(member), welcomed]).toEqual([true, true, []]);
    group.welcome(member);
    group.welcome(member);
    expect([group.isArriving(member), welcomed]).toEqual([false, [member]]);
  });

  it('stays what it is when it joins again, and is not welcomed once it has left', () => {
    let welcomed = 0;
    const group = new MemberGroup<Plain>(() => {
      welcomed += 1;
    });
    const member = makeMember();
    group.add(member);
    expect([group.join(member), group.isArriving(member)]).toEqual([true, false]);
    group.delete(member);
    group.join(member);
    group.delete(member);
    group.welcome(member);
    expect(welcomed).toBe(1);
  });
});

describe('U-R11.6 populated$', () => {
  it('says whether there are members, on changes only', () => {
    const group = new MemberGroup<Plain>(() => undefined);
    const seen: boolean[] = [];
    group.populated$.subscribe((isPopulated) => seen.push(isPopulated));
    const [one, two] = [makeMember(), makeMember()];
    group.add(one);
    group.add(two);
    group.delete(one);
    group.delete(two);
    group.delete(two);
    group.join(one);
    expect(seen).toEqual([false, true, false, true]);
  });

  it('hears of a connection that ends', () => {
    const { server, wire, connection } = servePlain();
    const group = server.audience();
    const seen: boolean[] = [];
    group.add(connection);
    group.populated$.subscribe((isPopulated) => seen.push(isPopulated));
    wire.end();
    expect(seen).toEqual([true, false]);
  });
});
