import type { Repository } from "../../domain/repository";
import type { User } from "../../domain/user";
import type { HostStateView, RepositoryView, SessionView } from "../../protocol/api";
import type { SessionReading } from "../../sessions/sessions";
import type { GatewayDeps } from "../deps";
import { hostStateView } from "./host-view";
import { repositoryView } from "./repository-view";
import { sessionView } from "./session-view";

type Rooms = Pick<GatewayDeps, "sessions" | "repositories" | "terminals" | "hosts">;

/** What the API and the events both show: readings of several rooms put together for one user. */
export function viewReader({ sessions, repositories, terminals, hosts }: Rooms) {
  async function sessionViews(user: User, readings: SessionReading[]): Promise<SessionView[]> {
    const ids = [...new Set(readings.map(({ session }) => session.repositoryId))];
    const [names, terminalsOf] = await Promise.all([
      Promise.all(ids.map(async (id) => [id, (await repositories.get(user, id)).name] as const)),
      terminals.listMany(readings.map(({ session }) => session.id)),
    ]);
    const nameOf = new Map(names);
    return readings.map((reading) =>
      sessionView(reading, {
        repositoryName: nameOf.get(reading.session.repositoryId) ?? "",
        terminals: terminalsOf.get(reading.session.id) ?? [],
      }),
    );
  }

  async function repositoryViews(user: User, rows: Repository[]): Promise<RepositoryView[]> {
    const counts = new Map((await sessions.countActive(user.id)).map((row) => [row.repositoryId, row.count]));
    return rows.map((repository) =>
      repositoryView(repository, {
        progress: repositories.progress(repository.id),
        hostState: hostStateOf(repository.host),
        activeSessions: counts.get(repository.id) ?? 0,
      }),
    );
  }

  function hostStateOf(kind: Repository["host"]): HostStateView {
    const host = hosts.find((one) => one.kind === kind);
    if (host) return hostStateView(host);
    return { kind, state: "unreachable", reason: `this server has no host of the kind ${kind}`, since: null };
  }

  return {
    sessions: sessionViews,
    repositories: repositoryViews,
    hosts: () => hosts.map(hostStateView),
    async session(user: User, reading: SessionReading): Promise<SessionView> {
      const [view] = await sessionViews(user, [reading]);
      if (!view) throw new Error("one reading gives one view");
      return view;
    },
    async repository(user: User, row: Repository): Promise<RepositoryView> {
      const [view] = await repositoryViews(user, [row]);
      if (!view) throw new Error("one row gives one view");
      return view;
    },
  };
}

export type ViewReader = ReturnType<typeof viewReader>;
