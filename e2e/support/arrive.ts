import type { Page, Request, Response, WebSocket } from "@playwright/test";

/**
 * Pods of this very machine come and go, and with each a network interface: Chromium then breaks off what it is asking
 * for, on loopback too, and no switch of its own keeps it from that.
 */
export const networkChanged = /ERR_NETWORK_CHANGED/;

const limitMs = 60_000;

/**
 * Goes somewhere, and waits until the page's script listens: it is drawn before that, and what is clicked or typed in
 * between is nobody's. Goes there again where the page, or a script without which it is dead, was broken off.
 */
export async function arrive(page: Page, go: () => Promise<Response | null>): Promise<Response | null> {
  while (true) {
    const arrival = watchArrival(page);
    try {
      const response = await go();
      // Within one document nothing is loaded.
      if (response === null || !hasLiveData(page.url())) return response;
      if (await arrival.listens()) return response;
    } catch (error) {
      if (!networkChanged.test(String(error))) throw error;
    } finally {
      arrival.stop();
    }
  }
}

const hasLiveData = (url: string) => !/^\/(sign-in|api\/)/.test(new URL(url).pathname);

/** The socket of live data is the last thing that a page's script opens as it begins: all else listens by then. */
function watchArrival(page: Page) {
  let isBroken = false;
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSocket = (socket: WebSocket) => {
    if (new URL(socket.url()).pathname === "/ws/events") tell();
  };
  const onFailed = (request: Request) => {
    const isNeeded = ["script", "stylesheet"].includes(request.resourceType());
    if (!isNeeded || !networkChanged.test(request.failure()?.errorText ?? "")) return;
    isBroken = true;
    tell();
  };
  page.on("websocket", onSocket);
  page.on("requestfailed", onFailed);
  return {
    /** False where it never will. */
    async listens(): Promise<boolean> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no script of ${page.url()} listens within ${limitMs} ms`)), limitMs);
      });
      await Promise.race([told, late]).finally(() => clearTimeout(timer));
      return !isBroken;
    },
    stop() {
      page.off("websocket", onSocket);
      page.off("requestfailed", onFailed);
    },
  };
}
