import { crc32 } from 'node:zlib';

import { messageOf } from '../../protocol/index.js';

/** `,"crc":"0123abcd"}`: the last member of each line, over all bytes before it. */
const SEAL = /^,"crc":"([0-9a-f]{8})"}$/;
const SEAL_BYTES = 18;

/** What a line turned out to be. */
export type DecodedLine =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string };

/**
 * One line of JSON that can tell whether it is whole: its last member is a checksum of the rest.
 *
 * @param value An object with at least one member.
 */
export function encodeLine(value: object): Uint8Array {
  const body = Buffer.from(JSON.stringify(value).slice(0, -1));
  return Buffer.concat([body, Buffer.from(`,"crc":"${checksum(body)}"}\n`)]);
}

/** @param bytes One line without its end. */
export function decodeLine(bytes: Uint8Array): DecodedLine {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = line.subarray(0, Math.max(0, line.length - SEAL_BYTES));
  const [, seal] = SEAL.exec(line.toString('latin1', body.length)) ?? [];
  if (seal === undefined) return { ok: false, reason: 'no checksum at its end' };
  if (seal !== checksum(body)) return { ok: false, reason: 'its checksum does not fit' };
  try {
    return { ok: true, value: JSON.parse(`${body.toString()}}`) as Readonly<Record<string, unknown>> };
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  }
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
