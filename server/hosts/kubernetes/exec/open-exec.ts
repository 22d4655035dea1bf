import type https from "node:https";
import { createExecStream, type ExecStream } from "./exec-stream";
import { type ExecTimings, execTimings } from "./timings";
import { givenUp, upgrade } from "./upgrade";

/** The API server's address, and all that a request to it needs: fresh credentials, TLS, headers. */
export type ExecTarget = { server: string; options: https.RequestOptions };

export type ExecOptions = {
  /** Asked for every connect, so that credentials which were renewed are used. */
  target(): Promise<ExecTarget>;
  namespace: string;
  pod: string;
  container: string;
  command: string[];
  /** Gives up a connect in progress; a stream that is open lives on. */
  signal: AbortSignal;
  timings?: Partial<ExecTimings>;
};

/**
 * A command in a container, without a terminal. Rejected with an `AppError` in words: `forbidden` (credentials, rights),
 * `not-found` (the API server said that the pod is not there), `unavailable`. A command that cannot be started is told
 * by the stream's end, as the cluster tells it only there.
 */
export async function openExec(options: ExecOptions): Promise<ExecStream> {
  const { namespace, pod, signal } = options;
  signal.throwIfAborted();
  const { server, options: given } = await beforeAbort(options.target(), signal);
  const socket = await upgrade({ url: execUrl(server, options), options: given, namespace, pod }, signal);
  return createExecStream(socket, { ...execTimings, ...options.timings });
}

/** The server's own path stays: a proxy may serve many clusters below one address. */
function execUrl(server: string, { namespace, pod, container, command }: ExecOptions): string {
  const url = new URL(server);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const [space, name] = [namespace, pod].map(encodeURIComponent);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/api/v1/namespaces/${space}/pods/${name}/exec`;
  const query = new URLSearchParams({ container, stdin: "true", stdout: "true", stderr: "true", tty: "false" });
  for (const argument of command) query.append("command", argument);
  url.search = query.toString();
  return url.href;
}

function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(givenUp(signal));
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
