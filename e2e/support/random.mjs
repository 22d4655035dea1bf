/** Mulberry32: the same numbers for the same seed, here and in the programs under test. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** `length` bytes, any value: control codes, cut escape sequences and broken UTF-8 among them. */
export function randomBytes(next, length) {
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(next(), at);
  return bytes.subarray(0, length);
}

/** The output of the producer: chunks of 64 bytes to 16 KiB, multiples of four so that any prefix can be made again. */
export function* producedChunks(seed) {
  const next = randomFrom(seed);
  const sizes = randomFrom(seed ^ 0x5bd1e995);
  while (true) yield randomBytes(next, 64 + 4 * (sizes() % 4080));
}
