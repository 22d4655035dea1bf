/**
 * The browser's table of character widths. The package reads its data from the start of the memory under a Buffer,
 * where it stands only when the Buffer has its own: so none is cut from the shared pool while it loads.
 */
export const { UnicodeGraphemesAddon } = await loadWithoutPool();

async function loadWithoutPool() {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    return await import("@xterm/addon-unicode-graphemes");
  } finally {
    Buffer.poolSize = poolSize;
  }
}
