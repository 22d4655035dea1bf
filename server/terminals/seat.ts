/** Who drives: the viewer whose size and keys count. */
export type Seat =
  | { kind: "free" }
  | { kind: "driven"; clientId: string }
  /** Its socket dropped: nobody drives, and until then it may come back. */
  | { kind: "kept"; clientId: string; until: number };

/** How long the driver's place outlives its socket. */
export const keepSeatMs = 30_000;

type Comer = { clientId: string; mode: "drive" | "view" | null };

export function expired(seat: Seat, now: number): Seat {
  return seat.kind === "kept" && seat.until <= now ? { kind: "free" } : seat;
}

/** The first who does not ask to view drives; one who comes back within the time takes its place up again. */
export function seatOnAttach(before: Seat, { clientId, mode }: Comer, now: number): Seat {
  const seat = expired(before, now);
  if (seat.kind === "kept" && seat.clientId === clientId) return { kind: "driven", clientId };
  return seat.kind === "free" && mode !== "view" ? { kind: "driven", clientId } : seat;
}

export function seatOnDetach(seat: Seat, clientId: string, now: number): Seat {
  if (seat.kind !== "driven" || seat.clientId !== clientId) return seat;
  return { kind: "kept", clientId, until: now + keepSeatMs };
}

export function seatOnRelease(seat: Seat, clientId: string): Seat {
  return seat.kind !== "free" && seat.clientId === clientId ? { kind: "free" } : seat;
}

/** Typing takes a free place, when nobody else is there to be surprised. */
export function seatOnInput(
  before: Seat,
  { clientId, mode }: Comer,
  { viewers, now }: { viewers: number; now: number },
): Seat {
  const seat = expired(before, now);
  return seat.kind === "free" && viewers === 1 && mode !== "view" ? { kind: "driven", clientId } : seat;
}
