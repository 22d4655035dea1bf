import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayDeps } from "./deps";
import { isOurHost } from "./http/allowed-origin";
import { errorAnswer } from "./http/error-answer";
import { credentialOf, identify } from "./http/identify";
import { type PageAddress, pageAddress } from "./page-address";
import type { Pages } from "./pages";

/** Turns the signed-out away before the pages are asked, and gives every answer its security headers. */
export function pageListener(deps: GatewayDeps, pages: Pages, dev: boolean) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split("?", 1)[0] ?? "/";
    const address = pageAddress(path, dev);
    setHeaders(response, policy(address));
    if (!isOurHost(request.headers.host, deps.origin()))
      return plain(response, 403, `This server is ${deps.origin()}; the request names another host.`);
    if (!dev && request.method !== "GET" && request.method !== "HEAD")
      return plain(response, 405, "A page is only read.");
    if (address.kind === "page") {
      const credential = credentialOf(request.headers, deps.origin());
      if ((await identify(deps.accounts, credential)) === null) return toSignIn(response);
    }
    await pages.handle(request, response);
  }

  function policy(address: PageAddress): string {
    const page = address.kind === "page" ? address.shell : "/sign-in";
    // Development runs what is not built: its inline scripts are not known, and it evaluates its modules.
    const scripts = dev ? ["'unsafe-inline'", "'unsafe-eval'"] : pages.scriptSources(page);
    return contentSecurityPolicy(scripts);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      const { status, body } = errorAnswer(error, deps.log);
      if (response.headersSent) response.destroy();
      else plain(response, status, body.error.message);
    });
  };
}

/** Styles may stand inline: the terminal and the menus place themselves by style attributes, which no hash covers. */
function contentSecurityPolicy(scripts: string[]): string {
  return [
    "default-src 'self'",
    `script-src ${["'self'", ...scripts].join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function setHeaders(response: ServerResponse, policy: string): void {
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
}

function toSignIn(response: ServerResponse): void {
  response.writeHead(303, { location: "/sign-in", "cache-control": "no-store" }).end();
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }).end(text);
}
