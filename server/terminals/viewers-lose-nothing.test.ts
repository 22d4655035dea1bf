import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { AppError } from "../domain/app-error";
import { openRoom } from "./testing/open-room";
import { seededRandom } from "./testing/seeded-random";
import { TestViewer } from "./testing/test-viewer";

const steps = 400;
const tick = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => void vi.useRealTimers());

type Run = Awaited<ReturnType<typeof begin>>;

async function begin(seed: number) {
  const random = seededRandom(seed);
  const opened = openRoom();
  const id = await opened.first();
  opened.ptys.echo = false;
  const driver = new TestViewer({ mode: "drive", slow: true, windowBytes: 256 * 1024 });
  const viewers = [driver];
  for (let each = 0; each < 4; each += 1) {
    viewers.push(new TestViewer({ mode: "view", slow: true, windowBytes: (128 << random.below(4)) * 1024 }));
  }
  return { ...opened, opened, id, random, driver, viewers, produced: [] as Uint8Array[], typed: "", faults: 0 };
}

/** One thing that happens: output, network, or a fault. */
async function step(run: Run): Promise<void> {
  vi.advanceTimersByTime(2_000);
  const { random, ptys, id, viewers, driver, opened } = run;
  const emit = (length: number) => {
    const bytes = random.bytes(length);
    run.produced.push(bytes);
    ptys.emit(id, bytes);
  };
  const viewer = random.pick(viewers);
  const fault = () => {
    run.faults += 1;
  };
  const kind = random.below(100);
  if (kind < 35) emit(1 + random.below(random.chance(0.2) ? 400_000 : 4_000));
  else if (kind < 75) viewer.deliver(1 + random.below(60));
  else if (kind < 82) {
    const line = `${run.typed.length};`;
    run.typed += line;
    driver.type(line);
  } else if (kind < 85) driver.viewer?.resize(40 + random.below(100), 10 + random.below(50));
  else if (kind < 90) {
    fault();
    if (viewer.viewer) viewer.drop();
    else await opened.attach(viewer);
  } else if (kind < 93) viewer.viewer?.request(random.chance(0.5) ? "hidden" : "visible");
  else if (kind < 95) {
    fault();
    ptys.overflow(id, 50_000 + random.below(1_000_000));
  } else if (kind < 98) {
    fault();
    if (ptys.state().kind === "here") ptys.drop();
    else ptys.restore();
  } else {
    fault();
    for (const each of viewers) each.drop();
    opened.restartServer();
  }
  if (random.chance(0.5)) await tick();
}

/** The link is back, everyone looks, and the network lets everything through. */
async function settle({ ptys, viewers, opened, produced, driver }: Run): Promise<void> {
  if (ptys.state().kind === "away") ptys.restore();
  for (const viewer of viewers) {
    if (!viewer.viewer) await opened.attach(viewer);
    viewer.viewer?.request("visible");
  }
  const head = produced.reduce((sum, bytes) => sum + bytes.length, 0);
  await vi.waitFor(async () => {
    for (const viewer of viewers) viewer.deliver(1_000);
    await tick();
    expect(viewers.map((viewer) => viewer.offset)).toEqual(viewers.map(() => head));
    expect(driver.unacknowledged).toBe(0);
  });
}

/** What the producer printed from where this viewer began, less the gaps it was told of. */
function expected(produced: Uint8Array, viewer: TestViewer): string {
  const hash = createHash("sha256");
  let at = viewer.began;
  for (const gap of viewer.gaps) {
    hash.update(produced.subarray(at, gap.from));
    at = gap.to;
  }
  return hash.update(produced.subarray(at)).digest("hex");
}

test.each([1, 2, 3, 4, 5, 6])(
  "[I4] [I6] whatever happens, each viewer's bytes less its gaps are the producer's, seed %i",
  async (seed) => {
    // Each step takes two seconds: nothing that is under way is given up because it takes its time.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const run = await begin(seed);
    for (const viewer of run.viewers) await run.opened.attach(viewer);
    for (let each = 0; each < steps; each += 1) await step(run);
    await settle(run);
    const produced = Buffer.concat(run.produced);
    for (const viewer of run.viewers) {
      expect(viewer.faults).toEqual([]);
      expect(viewer.digest()).toBe(expected(produced, viewer));
      expect(viewer.largest).toBeLessThan(300 * 1024);
    }
    expect(run.ptys.typed(run.id)).toBe(run.typed);
    expect(run.faults).toBeGreaterThan(30);
    expect(run.errors).toEqual([]);
    await run.close();
  },
);

test("input that the host cannot keep closes its viewer, which comes back, and nothing else", async () => {
  const opened = openRoom();
  await opened.first();
  const [typist, other] = [await opened.view(), await opened.view({ mode: "view" })];
  await vi.waitFor(() => expect([typist.role, other.role]).toEqual(["driver", "viewer"]));
  const write = vi.spyOn(opened.ptys, "write").mockImplementationOnce(() => {
    throw new AppError("too-many", "no more of it is kept");
  });
  typist.type("lost?");
  expect([typist.closed, other.closed]).toEqual(["too-slow", null]);
  write.mockRestore();
  typist.closed = null;
  await opened.attach(typist);
  await vi.waitFor(() => expect(typist.text()).toBe("lost?"));
  await opened.close();
});
