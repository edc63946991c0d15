import { z } from 'zod';

import {
  type Capabilities,
  defineContract,
  type Diagnostic,
  type Message,
  notification,
  request,
  type RequestId,
  serverRequest,
  type,
} from '../../protocol/index.js';

/** Params of a request that stays until it is released. */
export interface Held {
  /** By what it is released and listed. */
  readonly key: string;
  readonly scope?: string;
}

/** Which events a server is to send, and how. */
export interface Burst {
  readonly method: 'tick' | 'mark' | 'text';
  readonly count: number;
  /** Characters of ballast in each. Default 0. */
  readonly size?: number;
  readonly scope?: string;
  /**
   * `at once`: in one go, whatever the sink says. `paced`: as a well-behaved source, which waits while events wait.
   * `later`: in one go, after the answer. Default `at once`.
   */
  readonly manner?: 'at once' | 'paced' | 'later';
  /** To everyone with an open session, as a broadcast. Default: to whom asked. */
  readonly broadcast?: boolean;
}

/** What a server has seen, for a client to read. */
export interface Observed {
  /** Keys of the held requests, in the order they were started. */
  readonly started: readonly string[];
  /** Those of them that run. */
  readonly running: readonly string[];
  /** Those of them that were given up. */
  readonly aborted: readonly string[];
  /** Params of the `note`s that came. */
  readonly notes: readonly unknown[];
  readonly diagnostics: readonly {
    readonly type: Diagnostic['type'];
    readonly id?: RequestId | null;
    readonly code?: number;
  }[];
}

/** How a question to the client ended. */
export interface Outcome {
  readonly result?: unknown;
  /** Name, code or reason, and message of the error. */
  readonly error?: {
    readonly name: string;
    readonly code?: number;
    readonly reason?: string;
    readonly message: string;
  };
}

/** An event with a number, and ballast. */
export interface Numbered {
  readonly n: number;
  readonly scope?: string;
  readonly ballast?: string;
}

interface Hello {
  readonly capabilities?: Partial<Capabilities>;
  /** The server says no. */
  readonly refuse?: boolean;
}

interface WithId {
  readonly id: RequestId;
}

/**
 * The contract of the conformance suite: each rule of the library has a method here by which it can be seen from the
 * client's side of a wire.
 *
 * @see {@link startConformanceServer}, because it serves this contract.
 */
export const conformanceContract = defineContract({
  requests: {
    initialize: request({ params: type<Hello>(), result: type<{ readonly name: string }>() }),
    /** Answers with its params. */
    echo: request({ params: type<unknown>(), result: type<unknown>() }),
    /** Adds, and says nothing of members it does not know. */
    add: request({
      params: z.looseObject({ a: z.number(), b: z.number() }),
      result: z.looseObject({ sum: z.number() }),
    }),
    /** How often it was asked, this time included. */
    count: request({ result: type<number>() }),
    /** Answers when it is released. */
    hold: request({ params: type<Held>(), result: type<string>(), scope: ({ scope }) => scope }),
    /** The same for those that only read. */
    peek: request({ params: type<Held>(), result: type<string>(), scope: ({ scope }) => scope, access: 'shared' }),
    /** Releases what is held under a key; `*`: all, also what comes later. Answers how many. */
    release: request({ params: type<string>(), result: type<number>(), urgent: true }),
    /** What the server has seen. */
    observe: request({ result: type<Observed>(), urgent: true }),
    /** Answers in one of the ways a handler may. */
    answer: request({
      params: type<'value' | 'promise' | 'observable' | 'nothing' | 'array'>(),
      result: type<unknown>(),
    }),
    /** Fails: with code and data, as it is; without a code, as a mistake of the handler's. */
    fail: request({ params: type<{ readonly code?: number; readonly message: string; readonly data?: unknown }>() }),
    /** Is overloaded so many times before it answers. */
    busy: request({ params: type<number>(), result: type<string>() }),
    /** Answers what does not fit its schema. */
    misfit: request({ result: z.number() }),
    /** For those that are in for an experiment. */
    trial: request({ result: type<string>(), experimental: true }),
    /** Sends events. Answers how many. */
    emit: request({ params: type<Burst>(), result: type<number>() }),
    /** Asks the client. Answers how that ended. */
    ask: request({
      params: type<{ readonly question: string; readonly timeout?: number }>(),
      result: type<Outcome>(),
    }),
    /** Sends messages as they are, whether the protocol allows them or not. */
    raw: request({ params: type<readonly Message[]>(), result: type<number>() }),
    /** Shuts the server down. Never answers when asked to be quick. */
    leave: request({ result: type<unknown>() }),
  },
  notifications: {
    initialized: notification(),
    note: notification({ params: type<unknown>() }),
    cancel: notification({ params: type<WithId>() }),
  },
  serverRequests: {
    question: serverRequest({ params: type<string>(), result: z.string() }),
  },
  serverNotifications: {
    /** May be lost. */
    tick: notification({ params: type<Numbered>(), scope: ({ scope }) => scope, delivery: 'best-effort' }),
    /** May not be lost. */
    mark: notification({ params: type<Numbered>(), scope: ({ scope }) => scope }),
    /** Folds together: the text grows, nothing of it is lost. */
    text: notification({
      params: type<{ readonly item: string; readonly text: string; readonly ballast?: string }>(),
      delivery: 'best-effort',
      conflate: {
        key: ({ item }) => item,
        merge: (waiting, incoming) => ({ ...incoming, text: waiting.text + incoming.text }),
      },
    }),
    resolved: notification({ params: type<WithId>() }),
  },
  handshake: {
    request: 'initialize',
    notification: 'initialized',
    capabilities: (params) => (params as Hello).capabilities ?? {},
  },
  cancel: { method: 'cancel', params: (id) => ({ id }), id: (params) => (params as WithId).id },
  resolved: { method: 'resolved', params: ({ id }) => ({ id }), id: (params) => (params as WithId).id },
  legacy: { prefix: 'old/', lossless: ['old/end'] },
});

/** The type of {@link conformanceContract}. */
export type ConformanceContract = typeof conformanceContract;
