import { keepTimer, type LinkEvent, type LinkState, step } from "./reconnect";

export type SocketUse = {
  /** Asked anew for every try, so that it can say from where to go on. */
  url: () => string;
  binaryType?: BinaryType;
  onOpen?: (socket: WebSocket) => void;
  onMessage: (data: unknown, socket: WebSocket) => void;
  /** Sends what the other side answers: a page cannot see WebSocket pings. Any message counts as the answer. */
  ping: (socket: WebSocket) => void;
  onState: (state: LinkState) => void;
};

export type SocketKeeper = {
  /** Connects, and listens for `online` and visibility. Gives its undo. */
  start(): () => void;
  /** Tries at once instead of waiting. */
  wake(): void;
  /** The open socket, or null: what is sent into a socket that is not open is lost without a word. */
  socket(): WebSocket | null;
};

/** Does what `step` decides: owns the socket, the timer and the page's listeners. */
export function createSocketKeeper(use: SocketUse): SocketKeeper {
  let state: LinkState = { kind: "stopped" };
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function connect(): void {
    const made = new WebSocket(use.url());
    if (use.binaryType !== undefined) made.binaryType = use.binaryType;
    socket = made;
    made.onopen = () => {
      if (socket !== made) return;
      dispatch({ type: "opened" });
      use.onOpen?.(made);
    };
    made.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (socket !== made) return;
      dispatch({ type: "message" });
      use.onMessage(data, made);
    };
    made.onclose = ({ code, reason }) => {
      if (socket !== made) return;
      socket = null;
      dispatch({ type: "closed", code, reason });
    };
  }

  function dispatch(event: LinkEvent): void {
    const next = step(state, event, { now: Date.now(), random: Math.random() });
    const moved = next.state !== state;
    state = next.state;
    if (next.timerMs !== keepTimer) {
      if (timer !== null) clearTimeout(timer);
      timer = next.timerMs === null ? null : setTimeout(() => dispatch({ type: "timer" }), next.timerMs);
    }
    for (const effect of next.effects) {
      if (effect === "connect") connect();
      else if (effect === "drop") {
        const old = socket;
        // Before it closes: what a dropped socket still says counts no more.
        socket = null;
        old?.close();
      } else if (socket?.readyState === WebSocket.OPEN) use.ping(socket);
    }
    if (moved) use.onState(state);
  }

  const wake = () => dispatch({ type: "wake" });
  return {
    start() {
      const leave = onPageBack(wake);
      dispatch({ type: "start" });
      return () => {
        leave();
        dispatch({ type: "stop" });
      };
    },
    wake,
    socket: () => (socket?.readyState === WebSocket.OPEN ? socket : null),
  };
}

/** Back online, or visible again. */
function onPageBack(listener: () => void): () => void {
  const ifVisible = () => {
    if (document.visibilityState === "visible") listener();
  };
  window.addEventListener("online", listener);
  document.addEventListener("visibilitychange", ifVisible);
  return () => {
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", ifVisible);
  };
}

/** The address of a socket on the server that served this page. */
export function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
