import { createHash } from "node:crypto";
import type { Api } from "./api-env";
import { docsPage, docsStyle } from "./docs-page";

const description = `JSON. Refusals are {"error": {"code", "message", "details"}}. What changes something needs a matching
Origin (with the cookie) or a bearer token. Lists take limit (default 50, at most 200) and cursor, and answer
{"items", "nextCursor"}. A POST takes an Idempotency-Key. Times are ISO 8601 UTC; ids are opaque.`;

/** The document is made when it is first asked for: it costs more than a start should. */
export function documentRoutes(api: Api): void {
  let made: ReturnType<Api["getOpenAPI31Document"]> | undefined;
  const document = () => {
    made ??= api.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Trellis", version: "1", description: description.replaceAll("\n", " ") },
      security: [{ bearer: [] }, { cookie: [] }],
    });
    return made;
  };
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  api.openAPIRegistry.registerComponent("securitySchemes", "cookie", { type: "apiKey", in: "cookie", name: "trellis" });
  api.get("/api/openapi.json", (c) => c.json(document()));
  api.get("/api/docs", (c) => {
    const styleHash = createHash("sha256").update(docsStyle).digest("base64");
    c.header(
      "content-security-policy",
      `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
    );
    return c.html(docsPage(document()));
  });
}
