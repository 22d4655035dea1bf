import type { GatewayDeps } from "../deps";
import { createGateway } from "../gateway";
import type { Pages } from "../pages";
import { type FakeRooms, fakeRooms } from "./fake-rooms";

/** Says which shell it was asked for, so that a test sees what came through. */
const plainPages: Pages = {
  handle: async (request, response) => {
    response.end(`page ${request.url}`);
  },
  upgrade: null,
  scriptSources: (page) => [`'sha256-${page}'`],
  close: async () => {},
};

/** The gateway on a free port over rooms in memory. */
export async function openGateway(options: { rooms?: FakeRooms } = {}) {
  const rooms = options.rooms ?? fakeRooms();
  const abort = new AbortController();
  let origin = "";
  const deps: GatewayDeps = { ...rooms.deps, origin: () => origin };
  const gateway = createGateway(deps, { pages: plainPages, dev: false, signal: abort.signal });
  const port = await gateway.listen("127.0.0.1", 0);
  origin = `http://127.0.0.1:${port}`;
  return {
    ...rooms,
    gateway,
    origin,
    port,
    async close() {
      abort.abort();
      await gateway.stopAccepting();
      await gateway.closeSockets();
    },
  };
}
