import { type JsonSchema, wordsOf } from '../json-schema.js';
import { printKey, quote } from './print-type.js';
import type { Protocol, ProtocolMethod } from './protocol.js';
import { resultName } from './result-name.js';

/** Events that add text to an item whose end has all of it again. Only these may be folded, and given up. */
const GROWING_TEXT: ReadonlySet<string> = new Set([
  'item/agentMessage/delta',
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/plan/delta',
  'item/reasoning/summaryTextDelta',
  'item/reasoning/textDelta',
]);

/** The word that must get through when all queues are full. */
const URGENT = 'turn/interrupt';

/** A printed contract, and what it needs. */
export interface PrintedContract {
  /** The entries of `defineContract`. */
  readonly text: string;
  /** Definitions whose values are checked. */
  readonly checked: ReadonlySet<string>;
  /** Requests whose result has no definition of a fitting name: it is `unknown`. */
  readonly rawResults: readonly string[];
}

/** Prints the methods of a protocol as entries of a contract. */
export function printContract(protocol: Protocol): PrintedContract {
  const { definitions } = protocol;
  const checked = new Set<string>();
  const rawResults: string[] = [];

  const schemaOf = (name: string, isOptional = false): string => {
    checked.add(name);
    return isOptional
      ? `schema<t.${name} | null | undefined>(${quote(name)}, 'optional')`
      : `schema<t.${name}>(${quote(name)})`;
  };
  const paramsOf = ({ params, isOptional }: ProtocolMethod): readonly string[] =>
    params === undefined ? [] : [`params: ${schemaOf(params, isOptional)}`];
  const resultOf = (method: ProtocolMethod): readonly string[] => {
    const name = resultName(method, definitions);
    if (name === undefined) rawResults.push(method.name);
    return name === undefined ? [] : [`result: ${schemaOf(name)}`];
  };
  const scopeOf = ({ params }: ProtocolMethod): readonly string[] => {
    const scope = params === undefined ? undefined : scopeBy(params, definitions);
    return scope === undefined ? [] : [`scope: ${scope}`];
  };

  const requests = entries(protocol.requests, (method) => {
    const urgent = method.name === URGENT ? ['urgent: true'] : [];
    return call('request', [...paramsOf(method), ...resultOf(method), ...urgent]);
  });
  const notifications = entries(protocol.notifications, (method) => call('notification', paramsOf(method)));
  const serverRequests = entries(protocol.serverRequests, (method) =>
    call('serverRequest', [...paramsOf(method), ...resultOf(method), ...scopeOf(method)]),
  );
  const serverNotifications = entries(protocol.serverNotifications, (method) => {
    const { name, params } = method;
    if (GROWING_TEXT.has(name) && params !== undefined && isGrowth(definitions.get(params))) {
      return `growingText<t.${params}>()`;
    }
    return call('notification', [...paramsOf(method), ...scopeOf(method)]);
  });
  const text = [
    section('requests', requests),
    section('notifications', notifications),
    section('serverRequests', serverRequests),
    section('serverNotifications', serverNotifications),
  ].join('');
  return { text, checked, rawResults };
}

function entries(methods: readonly ProtocolMethod[], print: (method: ProtocolMethod) => string): readonly string[] {
  return methods.map((method) => `    ${printKey(method.name)}: ${print(method)},\n`);
}

function section(name: string, lines: readonly string[]): string {
  return `  ${name}: {\n${lines.join('')}  },\n`;
}

function call(word: string, members: readonly string[]): string {
  if (members.length === 0) return `${word}()`;
  return `${word}({\n${members.map((member) => `      ${member},\n`).join('')}    })`;
}

/** A function that reads the thread that params speak of, as source text; undefined if they speak of none. */
function scopeBy(params: string, definitions: ReadonlyMap<string, JsonSchema>): string | undefined {
  const { properties = {}, required = [] } = wordsOf(definitions.get(params));
  if (isString(properties['threadId'])) {
    const isSure = required.includes('threadId') && wordsOf(properties['threadId']).type === 'string';
    return `({ threadId }) => threadId${isSure ? '' : ' ?? undefined'}`;
  }
  const { $ref } = wordsOf(properties['thread']);
  const isThread = $ref !== undefined && isString(wordsOf(definitions.get($ref)).properties?.['id']);
  return isThread && required.includes('thread') ? '({ thread }) => thread.id' : undefined;
}

/** Whether params have what text is folded by. Without it the event is one like any other. */
function isGrowth(schema: JsonSchema | undefined): boolean {
  const { properties = {}, required = [] } = wordsOf(schema);
  return ['threadId', 'turnId', 'itemId', 'delta'].every((key) => required.includes(key) && isString(properties[key]));
}

function isString(schema: JsonSchema | undefined): boolean {
  return [wordsOf(schema).type ?? []].flat().includes('string');
}
