/** What a connection draws on. All calls take effect in order, each after the bytes before it were parsed. */
export interface Screen {
  /** What fits the pane now, or null while it has no size. */
  fits(): { cols: number; rows: number } | null;
  write(bytes: Uint8Array, parsed: () => void): void;
  /** Back to an empty screen of this size. */
  reset(cols: number, rows: number): void;
  resize(cols: number, rows: number): void;
  /** A ruled line that says how many bytes are no longer kept. */
  gap(bytes: number): void;
  /** Muted, the screen rings nothing, copies nothing and takes no title: what it draws is the past. */
  mute(muted: boolean): void;
}
