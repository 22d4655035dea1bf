import { afterEach, expect, test } from "vitest";
import { describeCluster } from "../testing/cluster";
import { PodShell, until } from "./testing/pod-shell";

/** As `deploy/testing/foreign-images.sh` prints them. */
const images = new Map(
  (process.env["TRELLIS_TEST_FOREIGN_IMAGES"] ?? "").split(",").map((each) => each.split("=", 2) as [string, string]),
);

describeCluster("an image of the user's own", (ground) => {
  const pods: PodShell[] = [];
  afterEach(async () => {
    for (const pod of pods.splice(0)) await pod.close();
  });

  async function up(image: string): Promise<PodShell> {
    const pod = await PodShell.open(ground, { image });
    pods.push(pod);
    return pod;
  }

  function imageTest(kind: string, title: string, body: (pod: PodShell) => Promise<void>): void {
    const image = images.get(kind);
    if (!process.env["TRELLIS_TEST_TRELLIS_IMAGE"])
      test.skip(`${kind}: ${title} (skipped: TRELLIS_TEST_TRELLIS_IMAGE names no image)`, () => {});
    else if (!image) test.skip(`${kind}: ${title} (skipped: TRELLIS_TEST_FOREIGN_IMAGES names none)`, () => {});
    else test(`${kind}: ${title}`, async () => body(await up(image)), 120_000);
  }

  imageTest("bare", "without bash, libstdc++ and a user of uid 1000 it has a shell, git and ssh", async (pod) => {
    expect((await pod.sh("ls /bin/bash /usr/lib/*-linux-gnu/libstdc++*")).out).toBe("");
    expect(await pod.run("whoami")).toMatchObject({ code: 0, out: "trellis\n" });
    // ssh says so, and does nothing, where nobody has its uid.
    expect(await pod.run("ssh", "-T", "-G", "example.org")).toMatchObject({ code: 0, said: "" });
    const commit =
      "git init -q x && cd x && git -c user.email=a@b commit -q --allow-empty -m first && git log --format=%an";
    expect((await pod.sh(`cd /workspace/sessions && ${commit}`)).out).toBe("Trellis\n");
    const { seen, type } = await pod.terminal("shell");
    type("echo [$SHELL] [$HOME] [$PATH]; tty; exit 4\n");
    await until(() => expect(seen.last).toMatchObject({ kind: "exit", exit: { code: 4 } }));
    expect(seen.text).toContain("[/bin/sh] [/workspace/home] [/opt/trellis/bin:");
    expect(seen.text).toContain("/dev/pts/");
  });

  imageTest("no-git", "says that git is not there", async (pod) => {
    expect(await pod.run("git", "--version")).toMatchObject({
      code: 127,
      said: "cannot start git: No such file or directory\n",
    });
    expect(await pod.run("gh", "--version")).toMatchObject({ code: 127, said: "trellis: gh is not in this image\n" });
    expect(await pod.sh("echo works")).toMatchObject({ out: "works\n" });
  });

  imageTest("no-shell", "says that a terminal needs a shell, and runs programs", async (pod) => {
    const opened = pod.terminal("shell");
    await expect(opened).rejects.toThrow("there is no shell here: none of /bin/bash, /bin/sh can be run");
    expect(await pod.run("whoami")).toMatchObject({ code: 0, out: "trellis\n" });
    const { seen } = await pod.terminal("program", { command: ["cat", "/etc/group"] });
    await until(() => expect(seen.last).toMatchObject({ kind: "exit", exit: { code: 0 } }));
    expect(seen.text).toContain("trellis:x:1000");
  });

  imageTest("musl", "with another libc it is a host like any other", async (pod) => {
    expect((await pod.sh("ls /lib64 /lib/*-linux-gnu/libc.so.6")).out).toBe("");
    const { seen, type } = await pod.terminal("shell");
    type("whoami; exit 5\n");
    await until(() => expect(seen.last).toMatchObject({ kind: "exit", exit: { code: 5 } }));
    expect(seen.text).toContain("trellis\r\n");
  });
});
