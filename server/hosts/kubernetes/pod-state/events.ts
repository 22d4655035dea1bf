import type { CoreV1Event } from "@kubernetes/client-node";

type Object = { metadata?: { uid?: string } };

/** The newest event of any of these reasons about this very object: one that went had the same name. */
export function newestEvent(events: CoreV1Event[], about: Object | null, reasons: string[]): CoreV1Event | null {
  const uid = about?.metadata?.uid;
  let newest: CoreV1Event | null = null;
  for (const event of events) {
    if (uid === undefined || event.involvedObject.uid !== uid || !reasons.includes(event.reason ?? "")) continue;
    // Of two at one second, the later of the list.
    if (newest === null || happenedAt(event) >= happenedAt(newest)) newest = event;
  }
  return newest;
}

function happenedAt({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: CoreV1Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp;
  return time === undefined ? 0 : new Date(time).getTime();
}
