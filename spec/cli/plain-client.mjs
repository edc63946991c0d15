// A client as people write one for codex: a child, a line of JSON for each message, a map of what waits for its answer.
// It knows nothing of this package, and drives whatever program it is told to through one turn.
//
//   node plain-client.mjs INPUT DECISION COMMAND [ARGUMENT...]
//
// At the end it prints what it has seen, as JSON.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [input, decision, command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const exited = new Promise((resolve) => server.on('exit', resolve));

let lastId = 0;
const waiting = new Map();
const seen = { methods: [], output: '', questions: [], turn: undefined };
let endTurn;
const turnEnded = new Promise((resolve) => (endTurn = resolve));

const send = (message) => server.stdin.write(`${JSON.stringify(message)}\n`);

function request(method, params) {
  lastId += 1;
  const id = lastId;
  send({ method, id, params });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function hear({ method, id, params, result, error }) {
  if (method === undefined) {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error.message));
  } else if (id !== undefined) {
    seen.questions.push({ method, command: params.command });
    send({ id, result: { decision } });
  } else {
    seen.methods.push(method);
    if (method.endsWith('elta')) seen.output += params.delta;
    if (method === 'turn/completed') endTurn(params.turn);
  }
}

createInterface({ input: server.stdout }).on('line', (line) => hear(JSON.parse(line)));

const session = await request('initialize', { clientInfo: { name: 'plain', title: null, version: '1.0.0' } });
send({ method: 'initialized' });
const { thread } = await request('thread/start', { approvalPolicy: 'untrusted' });
const { turn } = await request('turn/start', { threadId: thread.id, input: [{ type: 'text', text: input }] });
seen.turn = await turnEnded;
server.stdin.end();
const exitCode = await exited;
console.log(
  JSON.stringify({
    userAgent: session.userAgent,
    ...seen,
    isSameTurn: seen.turn.id === turn.id,
    stillWaiting: waiting.size,
    exitCode,
  }),
);
