/** Characters in one call: an argument list has a limit. */
const STEP = 8_192;

/** Bytes as text that JSON can carry. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += STEP) {
    binary += String.fromCharCode(...bytes.subarray(from, from + STEP));
  }
  return btoa(binary);
}

/** @throws if the text is no Base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
