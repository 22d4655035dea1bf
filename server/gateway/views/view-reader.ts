import { AppError } from "../../domain/app-error";
import type { Repository } from "../../domain/repository";
import type { User } from "../../domain/user";
import type { RepositoryHostView, RepositoryView, SessionView } from "../../protocol/api";
import type { Repositories } from "../../sessions/repositories";
import type { SessionReading } from "../../sessions/sessions";
import type { GatewayDeps } from "../deps";
import { hostStateView, type RepositoryHost, repositoryHostView } from "./host-view";
import { repositoryView } from "./repository-view";
import { sessionView } from "./session-view";

type Rooms = Pick<GatewayDeps, "sessions" | "repositories" | "terminals" | "pulls" | "hosts">;

/** What the API and the events both show: readings of several rooms put together for one user. */
export function viewReader({ sessions, repositories, terminals, pulls, hosts }: Rooms) {
  async function sessionViews(user: User, readings: SessionReading[]): Promise<SessionView[]> {
    const ids = [...new Set(readings.map(({ session }) => session.repositoryId))];
    const sessionIds = readings.map(({ session }) => session.id);
    const [homes, terminalsOf, pullsOf] = await Promise.all([
      Promise.all(ids.map(async (id) => [id, await homeOf(user, id)] as const)),
      terminals.listMany(sessionIds),
      pulls.readMany(sessionIds),
    ]);
    const homeById = new Map(homes);
    return readings.map((reading) => {
      const home = homeById.get(reading.session.repositoryId);
      if (!home) throw new Error("every session's repository was read");
      const { id } = reading.session;
      return sessionView(reading, { ...home, terminals: terminalsOf.get(id) ?? [], pulls: pullsOf.get(id) ?? null });
    });
  }

  async function homeOf(user: User, id: string): Promise<{ repositoryName: string; host: RepositoryHost }> {
    const [{ name }, host] = await Promise.all([repositories.get(user, id), hostOf(repositories, user, id)]);
    return { repositoryName: name, host };
  }

  async function repositoryViews(user: User, rows: Repository[]): Promise<RepositoryView[]> {
    const counts = new Map((await sessions.countActive(user.id)).map((row) => [row.repositoryId, row.count]));
    return Promise.all(
      rows.map(async (repository) =>
        repositoryView(repository, {
          progress: repositories.progress(repository.id),
          hostState: repositoryHostView(repository.host, await hostOf(repositories, user, repository.id)),
          activeSessions: counts.get(repository.id) ?? 0,
          pullTrouble: await pulls.troubleOf(repository.id),
        }),
      ),
    );
  }

  return {
    sessions: sessionViews,
    repositories: repositoryViews,
    hosts: () => hosts.map((host) => hostStateView(host.kind, host.state())),
    async repositoryHost(user: User, { id, host }: Repository): Promise<RepositoryHostView> {
      return repositoryHostView(host, await hostOf(repositories, user, id));
    },
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

/** A kind of host that this server was started without says so in the host's state: what is there is unknown. */
async function hostOf(repositories: Repositories, user: User, repositoryId: string): Promise<RepositoryHost> {
  try {
    return await repositories.hostOf(user, repositoryId);
  } catch (error) {
    if (!AppError.is(error) || error.code !== "not-available") throw error;
    const { createdAt } = await repositories.get(user, repositoryId);
    return {
      state: { kind: "unreachable", since: createdAt, reason: error.message },
      facts: { podName: null, pending: [] },
    };
  }
}

export type ViewReader = ReturnType<typeof viewReader>;
