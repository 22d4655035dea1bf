import type { HubViewer } from "./hub-viewer";
import { expired, type Seat, seatOnAttach, seatOnDetach, seatOnInput, seatOnRelease } from "./seat";
import type { ViewerClose } from "./terminals";

const soonMs = 100;

/** A terminal's viewers and who of them drives; each change is told to all that are attached. */
export class Audience {
  readonly #viewers = new Map<string, HubViewer>();
  #seat: Seat = { kind: "free" };
  #soon: NodeJS.Timeout | undefined;

  constructor(
    readonly now: () => number,
    /** Another drives: the program gets that viewer's size. */
    readonly onDriver: () => void,
  ) {}

  get size(): number {
    return this.#viewers.size;
  }

  /** A copy: closing one changes the list. */
  list(): HubViewer[] {
    return [...this.#viewers.values()];
  }

  get(clientId: string): HubViewer | undefined {
    return this.#viewers.get(clientId);
  }

  get driver(): HubViewer | undefined {
    return this.#seat.kind === "driven" ? this.#viewers.get(this.#seat.clientId) : undefined;
  }

  roleOf(viewer: HubViewer): "driver" | "viewer" {
    return this.driver === viewer ? "driver" : "viewer";
  }

  join(viewer: HubViewer): void {
    this.#viewers.get(viewer.clientId)?.close("replaced", "This terminal was opened again from the same page.");
    this.#viewers.set(viewer.clientId, viewer);
    this.#sit(seatOnAttach(this.#seat, viewer, this.now()));
    this.#presenceSoon();
  }

  leave(viewer: HubViewer): void {
    if (this.#viewers.get(viewer.clientId) !== viewer) return;
    this.#viewers.delete(viewer.clientId);
    this.#sit(seatOnDetach(this.#seat, viewer.clientId, this.now()));
    this.#presenceSoon();
  }

  take(viewer: HubViewer): void {
    this.#sit({ kind: "driven", clientId: viewer.clientId });
  }

  release(viewer: HubViewer): void {
    this.#sit(seatOnRelease(this.#seat, viewer.clientId));
  }

  typed(viewer: HubViewer): void {
    this.#sit(seatOnInput(this.#seat, viewer, { viewers: this.#viewers.size, now: this.now() }));
  }

  /** A place that was kept long enough is free. */
  expire(): void {
    this.#sit(expired(this.#seat, this.now()));
  }

  closeAll(reason: ViewerClose, message: string): void {
    for (const viewer of this.list()) viewer.close(reason, message);
    this.#viewers.clear();
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#seat = { kind: "free" };
  }

  tellPresence(viewer: HubViewer): void {
    viewer.tell({ kind: "presence", viewers: this.#viewers.size, driver: this.#seat.kind === "driven" });
  }

  #sit(seat: Seat): void {
    const before = driverOf(this.#seat);
    this.#seat = seat;
    const driverId = driverOf(seat);
    if (driverId === before) return;
    for (const viewer of this.#attached()) viewer.tell({ kind: "role", role: this.roleOf(viewer), driverId });
    this.#presence();
    this.onDriver();
  }

  /** A thousand who come back at once are one change to each of them, not a thousand. */
  #presenceSoon(): void {
    this.#soon ??= setTimeout(() => this.#presence(), soonMs);
    this.#soon.unref();
  }

  #presence(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    for (const viewer of this.#attached()) this.tellPresence(viewer);
  }

  #attached(): HubViewer[] {
    return this.list().filter((viewer) => viewer.phase === "attached");
  }
}

const driverOf = (seat: Seat) => (seat.kind === "driven" ? seat.clientId : null);
