import { afterEach, expect, test, vi } from "vitest";
import { openRoom } from "./testing/open-room";

let open: { close(): Promise<void>; errors: unknown[] }[] = [];
const room = (...options: Parameters<typeof openRoom>) => {
  const opened = openRoom(...options);
  open.push(opened);
  return opened;
};
afterEach(async () => {
  for (const each of open) {
    await each.close();
    expect(each.errors).toEqual([]);
  }
  open = [];
});

test("a viewer is attached, types, and sees what the program prints", async () => {
  const { first, view, ptys } = room();
  const id = await first();
  const viewer = await view();
  await vi.waitFor(() =>
    expect(viewer.attached).toMatchObject({ offset: 0, replay: "log", role: "driver", inputOffset: null }),
  );
  viewer.type("ls\n");
  await vi.waitFor(() => expect(viewer.text()).toBe("ls\n"));
  ptys.emit(id, "files\n");
  expect(viewer.text()).toBe("ls\nfiles\n");
  expect(viewer.kinds()).toContain("input-ack");
  expect(viewer.faults).toEqual([]);
});

test("a viewer that dropped goes on at its byte, with nothing cleared", async () => {
  const { first, view, attach, ptys } = room();
  const id = await first();
  const viewer = await view();
  await vi.waitFor(() => expect(viewer.attached).not.toBeNull());
  ptys.emit(id, "before ");
  viewer.drop();
  ptys.emit(id, "meanwhile ");
  await attach(viewer);
  await vi.waitFor(() => expect(viewer.attached).toMatchObject({ offset: 7, replay: "resume", role: "driver" }));
  ptys.emit(id, "after");
  await vi.waitFor(() => expect(viewer.text()).toBe("before meanwhile after"));
  expect(viewer.faults).toEqual([]);
});
