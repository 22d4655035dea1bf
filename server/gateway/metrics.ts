import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Terminals } from "../terminals/terminals";
import type { ApiEnv } from "./http/api-env";

/** Prometheus text. Routes are named by their pattern, never by a path with ids. */
export function createMetrics(looks: { terminals: Terminals; sockets(): number }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("trellis_sockets", "Open WebSockets", looks.sockets);
  gauge("trellis_terminals", "Terminals that are followed", () => looks.terminals.figures().terminals);
  gauge("trellis_terminal_viewers", "Browsers on terminals", () => looks.terminals.figures().viewers);
  gauge("trellis_terminal_ring_bytes", "Output kept for viewers", () => looks.terminals.figures().ringBytes);
  const seconds = new Histogram({
    name: "trellis_http_request_seconds",
    help: "Time to answer a request of the API",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    time: timeRequests(seconds),
    answer: async (c: Context<ApiEnv>) =>
      c.body(await registry.metrics(), 200, { "content-type": registry.contentType }),
  };
}

function timeRequests(seconds: Histogram<"method" | "route" | "status">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const labels = { method: c.req.method, route: routePath(c, -1), status: String(c.res.status) };
    seconds.observe(labels, (performance.now() - startedAt) / 1000);
  };
}
