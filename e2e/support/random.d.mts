export function randomFrom(seed: number): () => number;
export function randomBytes(next: () => number, length: number): Buffer;
export function producedChunks(seed: number): Generator<Buffer>;
