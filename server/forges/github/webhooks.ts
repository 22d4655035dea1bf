import { z } from "zod";
import type { WebhookDelivery, WebhookHint } from "../../pulls/forge-client";
import { branchIn } from "../pushed-branch";
import { isSigned } from "../signatures";
import type { GithubHttp } from "./github-http";
import { deliveryShape, hookShape } from "./shapes";

const pageSize = 100;
const events = [
  ...["push", "status", "check_run", "check_suite", "workflow_run"],
  ...["pull_request", "pull_request_review", "pull_request_review_comment", "pull_request_review_thread"],
];

export async function ensureWebhook(
  http: GithubHttp,
  at: string,
  hook: { url: string; secret: string },
): Promise<void> {
  const config = { url: hook.url, content_type: "json", secret: hook.secret, insecure_ssl: "0" };
  const body = { name: "web", active: true, events, config };
  const known = await http.ask(["GET", `${at}/hooks?per_page=${pageSize}`], z.array(hookShape));
  const ours = known.find((each) => each.config.url === hook.url);
  if (ours) await http.send("PATCH", `${at}/hooks/${ours.id}`, { body });
  else await http.send("POST", `${at}/hooks`, { body });
}

/** Also of a hook that a person made with GitHub's own default, a form. */
export function readWebhook({ headers, body }: WebhookDelivery, secret: string): WebhookHint | null {
  if (!isSigned(body, headers["x-hub-signature-256"], secret)) return null;
  const delivery = deliveryShape.safeParse(parseBody(Buffer.from(body).toString("utf8")));
  if (!delivery.success) return null;
  const { repository, number, pull_request, issue, check_run, check_suite, workflow_run, sha, ref } = delivery.data;
  const run = check_run ?? check_suite ?? workflow_run;
  const named = [pull_request, issue, ...(run?.pull_requests ?? [])];
  return {
    repository: repository.full_name,
    number: named.find((each) => each !== undefined)?.number ?? number ?? null,
    sha: run?.head_sha ?? sha ?? null,
    branch: branchIn(ref),
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? "") : text);
  } catch {
    return null;
  }
}
