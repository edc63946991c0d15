import type { Contract, Validation } from '../protocol/index.js';
import type { Audience } from './audience.js';
import type { Connection } from './connection.js';
import type { Outbound } from './outbound.js';
import type { SessionState } from './session-state.js';

/** A connection as the groups it belongs to see it. */
export interface Member<C extends Contract> extends Connection<C> {
  readonly session: SessionState;
  readonly isEnded: boolean;
  readonly outbound: Outbound;
  readonly validation: Validation;
  /** The groups to leave when the connection ends. */
  readonly groups: Set<MemberGroup<C>>;
}

/** The audience as its server sees it: it also knows what to do about a newcomer. */
export class MemberGroup<C extends Contract> implements Audience<C> {
  readonly members = new Set<Member<C>>();

  constructor(private readonly welcome: (group: MemberGroup<C>, member: Member<C>) => void) {}

  add(connection: Connection<C>): boolean {
    const member = connection as Member<C>;
    const isNew = !this.members.has(member);
    if (!this.join(member)) return false;
    if (isNew) this.welcome(this, member);
    return true;
  }

  /** Adds a member whom someone else will welcome. */
  join(member: Member<C>): boolean {
    if (member.isEnded) return false;
    this.members.add(member);
    member.groups.add(this);
    return true;
  }

  delete(connection: Connection<C>): boolean {
    const member = connection as Member<C>;
    member.groups.delete(this);
    return this.members.delete(member);
  }
}
