import { AppError } from "../../../domain/app-error";
import type { Api } from "../api-env";

/** Paths of the contract that this server does not serve yet, by what they need. */
const later: Record<string, string[]> = {
  agents: [
    "/api/agents",
    "/api/agents/*",
    "/api/secrets/*",
    "/api/usage",
    "/api/sessions/:id/chats",
    "/api/sessions/:id/chats/*",
  ],
  tasks: ["/api/tasks", "/api/tasks/*", "/api/sessions/:id/prs/:prId/agent-review"],
  "view of changes": ["/api/sessions/:id/changes", "/api/sessions/:id/diff"],
};

/** Said plainly, never ignored and never a 404: the path is right, the server cannot do it yet. */
export function laterRoutes(api: Api): void {
  for (const [need, paths] of Object.entries(later))
    for (const path of paths)
      api.all(path, () => {
        throw new AppError("not-available", `This server has no ${need} yet.`);
      });
}
