import {
  checkSchema,
  type Contract,
  type Diagnostic,
  type NotificationMessage,
  type NotificationSpec,
  type RequestId,
  type RequestMessage,
  type Validation,
} from '../protocol/index.js';
import type { AnyEvent } from './view-index.js';

/** Where a decoder tells what it found. */
interface EventDecoderOwner {
  diagnose(diagnostic: Diagnostic): void;
}

/** Reads what a server emitted by the words of the contract. */
export class EventDecoder {
  private readonly specs: ReadonlyMap<string, NotificationSpec>;

  constructor(
    private readonly contract: Contract,
    private readonly validation: Validation,
    private readonly owner: EventDecoderOwner,
  ) {
    this.specs = new Map(Object.entries(contract.serverNotifications));
  }

  /** The server request this notification says is settled, if it is one that does. */
  resolved({ method, params }: NotificationMessage): RequestId | undefined {
    const { resolved } = this.contract;
    if (method !== resolved?.method) return undefined;
    try {
      return resolved.id(params);
    } catch (error) {
      this.owner.diagnose({ type: 'callbackFailed', method, error });
      return undefined;
    }
  }

  notification({ method, params }: NotificationMessage, seq: number): AnyEvent {
    const spec = this.specs.get(method);
    if (spec === undefined) {
      const { legacy } = this.contract;
      const isLegacy = legacy !== undefined && method.startsWith(legacy.prefix);
      return { type: isLegacy ? 'legacyNotification' : 'unknown', method, params, seq };
    }
    if (this.validation.events) this.check(method, spec, params);
    return { type: 'notification', method, params, seq };
  }

  serverRequest({ id, method, params }: RequestMessage, seq: number): AnyEvent {
    return { type: 'serverRequest', id, method, params, seq };
  }

  private check(method: string, spec: NotificationSpec, params: unknown): void {
    const issues = checkSchema(spec.params, params);
    if (issues !== undefined) this.owner.diagnose({ type: 'invalidEvent', method, issues });
  }
}
