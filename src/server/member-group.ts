import { BehaviorSubject, type Observable } from 'rxjs';

import type { Contract, Validation } from '../protocol/index.js';
import type { Outbound } from '../scheduling/index.js';
import type { Audience } from './audience.js';
import type { Connection } from './connection.js';
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
  readonly populated$: Observable<boolean>;
  private readonly populated = new BehaviorSubject(false);
  /** Members that must not be asked anything yet. */
  private readonly arriving = new Set<Member<C>>();

  constructor(private readonly replay: (group: MemberGroup<C>, member: Member<C>) => void) {
    this.populated$ = this.populated.asObservable();
  }

  add(connection: Connection<C>): boolean {
    if (!this.join(connection)) return false;
    if (this.isArriving(connection)) this.welcome(connection);
    return true;
  }

  join(connection: Connection<C>): boolean {
    const member = connection as Member<C>;
    if (member.isEnded) return false;
    if (this.members.has(member)) return true;
    this.members.add(member);
    this.arriving.add(member);
    member.groups.add(this);
    this.tell();
    return true;
  }

  welcome(connection: Connection<C>): void {
    const member = connection as Member<C>;
    if (this.arriving.delete(member)) this.replay(this, member);
  }

  isArriving(connection: Connection<C>): boolean {
    return this.arriving.has(connection as Member<C>);
  }

  delete(connection: Connection<C>): boolean {
    const member = connection as Member<C>;
    member.groups.delete(this);
    this.arriving.delete(member);
    const wasMember = this.members.delete(member);
    this.tell();
    return wasMember;
  }

  private tell(): void {
    const isPopulated = this.members.size > 0;
    if (isPopulated !== this.populated.value) this.populated.next(isPopulated);
  }
}
