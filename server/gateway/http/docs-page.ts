import type { Api } from "./api-env";

type OpenApi = ReturnType<Api["getOpenAPI31Document"]>;
type Json = { [key: string]: unknown };
type Operation = {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Json }[];
  requestBody?: { content?: Record<string, { schema?: Json }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Json }> }>;
};

const methods = ["get", "post", "put", "patch", "delete"] as const;

export const docsStyle = `
:root { color-scheme: light dark; }
body { font: 15px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
pre, code { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; }
h2 { margin-top: 2.5rem; font-size: 1.05rem; } h3 { font-size: .9rem; margin: 1rem 0 .25rem; }
nav ul { columns: 18rem; padding-left: 1.1rem; } table { border-collapse: collapse; } td { padding: .15rem .9rem .15rem 0; vertical-align: top; }
a { color: inherit; } :target { outline: 2px solid; outline-offset: 6px; border-radius: 2px; }
`;

/** The whole document on one page without a script: every route with its schemas, then the schemas they share. */
export function docsPage(document: OpenApi): string {
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = (item as Record<string, unknown>)[method] as Operation | undefined;
      return operation ? [{ name: `${method.toUpperCase()} ${path}`, operation }] : [];
    }),
  );
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Json>);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Trellis API</title>
<style>${docsStyle}</style></head><body>
<h1>Trellis API</h1><p>${toHtml(document.info.description ?? "")} Also as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Routes"><ul>${routes.map(({ name }) => `<li><a href="#${anchor(name)}"><code>${toHtml(name)}</code></a></li>`).join("")}</ul></nav>
<main>${routes.map(section).join("")}
${schemas.map(([name, schema]) => `<h2 id="schema-${toHtml(name)}">${toHtml(name)}</h2><pre>${shape(schema)}</pre>`).join("")}
</main></body></html>`;
}

function section({ name, operation }: { name: string; operation: Operation }): string {
  const parameters = operation.parameters ?? [];
  const body = Object.entries(operation.requestBody?.content ?? {});
  const row = (parameter: (typeof parameters)[number]) =>
    `<tr><td><code>${toHtml(parameter.name)}</code></td><td>${parameter.in}${parameter.required ? "" : ", optional"}</td><td><code>${shape(parameter.schema ?? {})}</code></td></tr>`;
  return `<section><h2 id="${anchor(name)}"><code>${toHtml(name)}</code></h2>
<p><strong>${toHtml(operation.summary ?? "")}</strong> ${toHtml(operation.description ?? "")}</p>
${parameters.length > 0 ? `<table>${parameters.map(row).join("")}</table>` : ""}
${body.map(([type, { schema }]) => `<h3>Body, ${toHtml(type)}</h3><pre>${shape(schema ?? {})}</pre>`).join("")}
${Object.entries(operation.responses ?? {})
  .map(([status, answer]) => answerSection(status, answer))
  .join("")}</section>`;
}

function answerSection(status: string, answer: NonNullable<Operation["responses"]>[string]): string {
  const schema = Object.values(answer.content ?? {})[0]?.schema;
  // Refusals have one shape, said at the top and at its own place.
  const shown = schema && status.startsWith("2") ? `<pre>${shape(schema)}</pre>` : "";
  return `<h3>${toHtml(status)}: ${toHtml(answer.description ?? "")}</h3>${shown}`;
}

/** A JSON schema as a person writes a type. Gives HTML: what comes from the schema is escaped. */
function shape(schema: Json, indent = ""): string {
  const reference = /^#\/components\/schemas\/(.+)$/.exec(String(schema["$ref"] ?? ""))?.[1];
  if (reference !== undefined) return `<a href="#schema-${toHtml(reference)}">${toHtml(reference)}</a>`;
  for (const key of ["anyOf", "oneOf"])
    if (Array.isArray(schema[key])) return (schema[key] as Json[]).map((one) => shape(one, indent)).join(" | ");
  if (Array.isArray(schema["allOf"]))
    return (schema["allOf"] as Json[]).map((one) => shape(one, indent)).join(" &amp; ");
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => toHtml(JSON.stringify(value))).join(" | ");
  if ("const" in schema) return toHtml(JSON.stringify(schema["const"]));
  const types = [schema["type"] ?? "any"].flat() as string[];
  return types.map((type) => typed(type, schema, indent)).join(" | ");
}

function typed(type: string, schema: Json, indent: string): string {
  if (type === "array") return `${shape((schema["items"] ?? {}) as Json, indent)}[]`;
  if (type !== "object") return toHtml(schema["format"] ? `${type} (${schema["format"]})` : type);
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Json>);
  if (properties.length === 0) {
    const values = schema["additionalProperties"];
    return typeof values === "object" && values !== null ? `{[key]: ${shape(values as Json, indent)}}` : "{}";
  }
  const required = new Set((schema["required"] ?? []) as string[]);
  const inner = `${indent}  `;
  const lines = properties.map(
    ([name, property]) => `${inner}${toHtml(name)}${required.has(name) ? "" : "?"}: ${shape(property, inner)}`,
  );
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const anchor = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
