import { createHash, timingSafeEqual } from "node:crypto";
import type { WebhookDelivery, WebhookHint } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { branchIn } from "../pushed-branch";
import { deliveryShape, hooksShape } from "./shapes";

const pageSize = 100;

export async function ensureWebhook(http: ForgeHttp, at: string, hook: { url: string; secret: string }): Promise<void> {
  const body = {
    ...{ url: hook.url, token: hook.secret, enable_ssl_verification: true },
    ...{ push_events: true, merge_requests_events: true, note_events: true, pipeline_events: true, job_events: true },
  };
  const known = await http.ask(`${at}/hooks`, hooksShape, { query: { per_page: pageSize } });
  const ours = known.find(({ url }) => url === hook.url);
  if (ours) await http.send(`${at}/hooks/${ours.id}`, { method: "PUT", body });
  else await http.send(`${at}/hooks`, { method: "POST", body });
}

/** The forge signs nothing: it sends the secret itself. */
export function readWebhook({ headers, body }: WebhookDelivery, secret: string): WebhookHint | null {
  if (!isSame(headers["x-gitlab-token"] ?? "", secret)) return null;
  const delivery = deliveryShape.safeParse(parseJson(body));
  if (!delivery.success) return null;
  const { object_kind, project, merge_request, object_attributes, sha, ref } = delivery.data;
  // The same field numbers pipelines and issues in other deliveries.
  const own = object_kind === "merge_request" ? object_attributes : undefined;
  return {
    repository: project.path_with_namespace,
    number: (own ?? merge_request)?.iid ?? null,
    sha: object_attributes?.sha ?? sha ?? null,
    branch: branchIn(ref),
  };
}

/** In constant time, also of its length. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return null;
  }
}
