import { createHash } from "node:crypto";
import type { RepositoryView, SessionView } from "../server/protocol/api";
import { ofItsOwn } from "./support/call";
import { serveGitOverHttp } from "./support/git-http-server";
import { makeGitRepository } from "./support/git-repository";
import { Release, whyNoChart } from "./support/helm";
import { expect, test } from "./support/journey";
import { eventually, waitForPhase } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

const reason = whyNoChart();

test.describe
  .serial("the Helm chart on a real cluster", () => {
    test.skip(reason !== null, reason ?? "");
    let release: Release;

    test.beforeAll(async () => {
      release = await Release.install();
      await release.readToken();
    });
    test.afterAll(async () => {
      await release?.removeNamespace();
    });

    test("the owner signs in by the link of `kubectl exec`, and no link stands in the pod's log", async ({ page }) => {
      await page.goto(await release.signInLink());
      await expect(page).toHaveURL(`${release.url}/`);
      const log = await release.kubectl("logs", "deployment/trellis");
      expect(log).toContain(`Trellis is ready: ${release.url}/sign-in`);
      expect(log).not.toContain("/sign-in#");
    });

    test("a second server is refused, and says why, on the data directory and on the database alike", async () => {
      await release.kubectl("scale", "deployment/trellis", "--replicas=2");
      const second = await eventually(
        async () => await logsOf(release, "app.kubernetes.io/name=trellis"),
        (logs) => logs.includes("A Trellis server already runs on /data/trellis"),
      );
      expect(second).toContain("Trellis cannot start: ");
      await release.kubectl("scale", "deployment/trellis", "--replicas=1");

      await release.kubectl("run", "other", ...otherServer(release));
      const refused = await eventually(
        () => logsOf(release, "run=other"),
        (logs) => logs.includes("cannot start"),
      );
      expect(refused).toMatch(/Another Trellis server \(.+\) is active on this database\. One at a time\./);
      await release.kubectl("delete", "pod", "other", "--grace-period=0");
      expect((await fetch(`${release.url}/api/ready`, { headers: ofItsOwn })).status).toBe(200);
    });

    test("a session made through the Service goes on over an upgrade: no byte is lost, and what changed is pending", async () => {
      const remote = makeGitRepository();
      const forge = await serveGitOverHttp(remote, "a secret", await nodeAddress(release));
      try {
        const { repository, session } = await openSession(release, forge.urlWith("ana", "a%20secret"));
        const { url, token } = release;
        const client = new TerminalClient({ url, token, sessionId: session.id });
        client.connect();
        await client.until("the terminal", ({ attached }) => attached !== null);
        // In a shell of its own: an interactive one gives the terminal away for each sleep, and a Ctrl-C that comes as
        // one is over, before the terminal is taken back, reaches nobody.
        client.type("sh -c 'for i in $(seq 100000); do echo line $i; sleep 0.02; done'\r");
        await client.until("the first lines", ({ tail }) => tail.includes("line 50\r\n"));
        const { epoch } = client.attached ?? {};
        const podBefore = await podOf(release, repository);

        await release.upgrade({ "repoPods.image": "localhost/trellis-workspace:next" });
        await client.until("the old server to say goodbye", ({ closed }) => closed !== null);
        expect(client.closed?.code).toBe(1012);
        const missed = client.offset;
        client.connect();
        await client.until("what was missed", ({ offset }) => offset > missed);
        expect(client.attached).toMatchObject({ epoch, replay: "resume" });
        client.type("\x03");
        await client.until("the prompt", ({ tail }) => /\$ $/.test(tail));
        client.type("echo $((6*7)) is typed\r");
        await client.until("the answer", ({ tail }) => tail.includes("42 is typed"));
        expect(client.faults).toEqual([]);
        expect(client.gaps).toEqual([]);
        expect(client.digest()).toBe(await digestOfLog(release, session, client.offset));

        const pending = await eventually(
          async () =>
            (await release.api<RepositoryView>("GET", `/api/repositories/${repository.id}`)).hostState.pending,
          ({ length }) => length > 0,
        );
        expect(pending.join("\n")).toContain("localhost/trellis-workspace:next");
        expect(await podOf(release, repository)).toBe(podBefore);
        client.close();
      } finally {
        await forge.close();
        remote.remove();
      }
    });

    test("[I8] an uninstall leaves the repo pod, its volume and the database", async () => {
      const before = await release.kubectl("get", "pods", "--selector", repoPods, "--output", "name");
      expect(await release.uninstall()).toContain("[PersistentVolumeClaim] trellis-data");
      expect(await release.kubectl("get", "pods", "--selector", repoPods, "--output", "name")).toBe(before);
      const claims = await release.kubectl("get", "persistentvolumeclaims", "--output", "name");
      expect(claims.trim().split("\n")).toHaveLength(2);
    });
  });

const repoPods = "app.kubernetes.io/name=trellis-repo-pod";

async function openSession(release: Release, cloneUrl: string) {
  const repository = await release.api<RepositoryView>("POST", "/api/repositories", { cloneUrl, host: "kubernetes" });
  const { id } = await release.api<SessionView>("POST", "/api/sessions", { repositoryId: repository.id });
  const session = await waitForPhase(release, id, "active");
  return { repository, session };
}

/** Of now and of the run before: a server that is refused is started again. */
async function logsOf(release: Release, selector: string): Promise<string> {
  const names = await release.kubectl("get", "pods", "--selector", selector, "--output", "name");
  const logs = names
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((name) => release.kubectl("logs", name).catch(() => "")); // not begun yet
  return (await Promise.all(logs)).join("\n");
}

/** A pod on the same database, with a data directory of its own. */
function otherServer(release: Release): string[] {
  const env = {
    TRELLIS_DATA_DIR: "/data/other",
    DATABASE_URL: "file:/data/trellis/trellis.db",
    TRELLIS_SIGN_IN_LINK: "off",
  };
  const image = `${release.values["image.repository"]}:${release.values["image.tag"]}`;
  const container = {
    name: "other",
    image,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "trellis-data" } }];
  const spec = { containers: [container], volumes, restartPolicy: "Never", enableServiceLinks: false };
  return [`--image=${image}`, "--restart=Never", `--overrides=${JSON.stringify({ spec })}`];
}

/** Where pods reach this machine, which is the cluster's node. */
async function nodeAddress(release: Release): Promise<string> {
  const address = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  return (await release.kubectl("get", "nodes", "--output", address)).trim();
}

async function podOf(release: Release, { hostState }: RepositoryView): Promise<string> {
  const name = hostState.podName ?? "";
  const which = name ? [`pod/${name}`] : ["pods", "--selector", repoPods];
  return release.kubectl("get", ...which, "--output", "jsonpath={..metadata.uid}");
}

async function digestOfLog(release: Release, session: SessionView, upTo: number): Promise<string> {
  const terminal = session.terminals[0]?.id;
  const where = `${release.url}/api/sessions/${session.id}/terminals/${terminal}/log?from=0&limit=${upTo}`;
  const response = await fetch(where, { headers: { ...ofItsOwn, authorization: `Bearer ${release.token}` } });
  const bytes = Buffer.from(await response.arrayBuffer());
  return createHash("sha256").update(bytes.subarray(0, upTo)).digest("hex");
}
