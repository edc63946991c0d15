import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to a process (or with a negative id to a group). Returns false if there is none to send it to. */
export function sendSignal(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(id, signal);
    return true;
  } catch {
    return false;
  }
}

/** One process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/**
 * The process groups a process and its descendants are in, its own first.
 *
 * A descendant that made a group or a session of its own is found as long as the chain of its ancestors lives: that is
 * why this must be asked before the first of them is killed. One whose parent has ended before is not found.
 */
export function groupsOfTree(pid: number, processes: readonly ProcessEntry[] = listProcesses()): readonly number[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of processes) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  const groups = new Set([pid]);
  const rest = [pid];
  for (let parent = rest.pop(); parent !== undefined; parent = rest.pop()) {
    for (const child of children.get(parent) ?? []) {
      // 0 and 1 would mean our own group and every process there is.
      if (child.group > 1) groups.add(child.group);
      rest.push(child.pid);
    }
  }
  return [...groups];
}

function listProcesses(): readonly ProcessEntry[] {
  try {
    return process.platform === 'linux' ? fromProc() : processesFromPs();
  } catch {
    // Better to end the group alone than nothing.
    return [];
  }
}

function fromProc(): readonly ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      // "pid (name) state parent group ...", and the name may hold anything, brackets and spaces included.
      const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      entries.push({ pid: Number(name), parent: Number(parent), group: Number(group) });
    } catch {
      // It has ended since the folder was read.
    }
  }
  return entries;
}

/** All processes as `ps` lists them, for platforms without `/proc`. */
export function processesFromPs(): readonly ProcessEntry[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' });
  return Array.from(stdout.matchAll(/^ *(\d+) +(\d+) +(\d+) *$/gm), ([, pid, parent, group]) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
  }));
}
