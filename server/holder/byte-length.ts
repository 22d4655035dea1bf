export const byteLength = (pieces: Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);
