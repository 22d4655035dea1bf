import { afterAll, beforeAll, expect } from "vitest";
import { describeCluster } from "../testing/cluster";
import { PodShell, until } from "./testing/pod-shell";

const secret = "s3cret-of-the-test";

describeCluster("the workspace image", (ground) => {
  const { imageTest } = ground;
  let pod: PodShell;
  beforeAll(async () => {
    if (!process.env["TRELLIS_TEST_WORKSPACE_IMAGE"]) return;
    pod = await PodShell.open(ground, { resources: { limits: { memory: "256Mi" } } });
  }, 120_000);
  afterAll(() => pod?.close());

  imageTest("reaps orphans: none of a hundred stays as a zombie", async () => {
    const orphans = "for i in $(seq 100); do (setsid sh -c 'echo $$ >> /tmp/orphans; exec sleep 0.3' &); done";
    await pod.sh(orphans);
    await until(async () => expect((await pod.sh("wc -l < /tmp/orphans")).out.trim()).toBe("100"));
    // A zombie is there too, until it is reaped.
    const left = "for p in $(cat /tmp/orphans); do [ -e /proc/$p ] && echo $p; done";
    await until(async () => expect((await pod.sh(left)).out).toBe(""));
  });

  imageTest("no program has an open file of the holder, nor a terminal of another", async () => {
    const terminals = await Promise.all(["a", "b", "c"].map((id) => pod.terminal(id, { command: ["sleep", "1000"] })));
    const open = "readlink /proc/self/fd/[3-9]* | grep -E 'ptmx|memfd|socket|/workspace/.trellis'";
    expect((await pod.sh(open)).out).toBe("");
    const inTerminal = await pod.terminal("d", { command: ["sh", "-c", `${open}; echo looked`] });
    await until(() => expect(inTerminal.seen.last?.kind).toBe("exit"));
    expect(inTerminal.seen.text).toBe("looked\r\n");
    for (const { state } of terminals) expect(state.pid).not.toBeNull();
    await Promise.all(["a", "b", "c"].map((id) => pod.ptys.forget(id)));
  });

  imageTest(
    "[I7] git and gh sign in with what the link brought; it is in no file, environment or command line",
    async () => {
      const origin = "https://github.com";
      await pod.host.keepCredentials(pod.repositoryId, [{ origin, username: "ada", password: secret }]);
      const helper = pod.host.credentialHelper(pod.repositoryId);
      const config = ["-c", "credential.helper=", "-c", `credential.${origin}.helper=${helper}`];
      const { stdout } = await pod.host.run(["git", ...config, "credential", "fill"], {
        input: new TextEncoder().encode("protocol=https\nhost=github.com\n\n"),
      });
      expect(new TextDecoder().decode(stdout)).toContain(`username=ada\npassword=${secret}\n`);
      expect((await pod.run("gh", "auth", "token")).out).toBe(`${secret}\n`);
      // The looking itself has it in no command line.
      const files = "/workspace /run/trellis /tmp /proc/[0-9]*/environ /proc/[0-9]*/cmdline";
      const look = `rev <<< ${[...secret].reverse().join("")} | grep -rlaF -f - ${files} 2>/dev/null`;
      expect((await pod.run("bash", "-c", look)).out).toBe("");
      await pod.host.keepCredentials(pod.repositoryId, []);
      expect((await pod.run("gh", "auth", "token")).out).toBe("");
    },
  );

  imageTest("[I8] a program that memory runs out for is ended alone, and the terminals hear of it", async () => {
    const { seen, warnings, type } = await pod.terminal("memory");
    type("tail /dev/zero; echo code=$?\n");
    await until(() => expect(seen.text).toContain("code=137"));
    await until(() =>
      expect(warnings).toEqual([
        "out of memory: the limit of 256 MiB was reached, and the kernel ended a process here",
      ]),
    );
    type("echo goes''-on\n");
    await until(() => expect(seen.text).toContain("goes-on"));
    await pod.ptys.forget("memory");
  });

  imageTest(
    "[I3] a pod that is restarted ends its terminals at a byte, and every byte before it is kept",
    async () => {
      const { state, seen, type } = await pod.terminal("kept");
      type("trap '' TERM HUP; seq 1000; echo d''one; sleep 1000\n");
      await until(() => expect(seen.text).toContain("done\r\n"));
      await pod.host.restart();
      await until(async () => expect(pod.host.state().kind).toBe("reachable"));
      const found = await pod.ptys.find("kept");
      expect(found).toMatchObject({ epoch: state.epoch, exit: { reason: "killed" } });
      const log = await pod.ptys.readLog("kept", state.epoch, 0, 1024 * 1024);
      expect(log.records.at(-1)).toMatchObject({ kind: "exit", offset: found?.headOffset });
      const kept = log.records.map((record) =>
        record.kind === "output" ? new TextDecoder().decode(record.bytes) : "",
      );
      expect(kept.join("")).toContain(seen.text.slice(0, seen.text.indexOf("done\r\n") + 6));
      const again = await pod.terminal("kept", { notice: "A new shell: the last one ended with its pod." });
      await until(() => expect(again.seen.text).toMatch(/^A new shell: the last one ended with its pod\.\r\n.*\$ /s));
    },
    180_000,
  );
});
