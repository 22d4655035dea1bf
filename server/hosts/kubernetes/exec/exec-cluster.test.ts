import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { RequestOptions } from "node:https";
import { beforeAll, expect, vi } from "vitest";
import { describeCluster } from "../testing/cluster";
import { type ExecOptions, openExec } from "./open-exec";

describeCluster("execs on a real cluster", (ground) => {
  const pod = "exec";
  const target = async () => {
    const options: RequestOptions = {};
    await ground.admin.kubeConfig.applyToHTTPSOptions(options);
    return { server: ground.admin.kubeConfig.getCurrentCluster()?.server ?? "", options };
  };
  const open = (command: string[], more: Partial<ExecOptions> = {}) =>
    openExec({
      ...{ target, namespace: ground.namespace, pod, container: "workspace", command },
      ...{ signal: AbortSignal.timeout(30_000), ...more },
    });
  const sh = (script: string, more?: Partial<ExecOptions>) => open(["sh", "-c", script], more);

  const start = async (name: string) => {
    const { core } = ground.admin;
    const { namespace, image } = ground;
    const container = { name: "workspace", image, command: ["sleep", "infinity"] };
    await core.createNamespacedPod({
      ...{
        namespace,
        body: { metadata: { name }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
      },
    });
    const running = async () => {
      const { status } = await core.readNamespacedPodStatus({ namespace, name });
      expect(status?.containerStatuses?.[0]?.ready).toBe(true);
    };
    await vi.waitFor(running, { interval: 200 });
  };
  beforeAll(async () => {
    if (process.env["TRELLIS_TEST_WORKSPACE_IMAGE"]) await start(pod);
  });

  ground.imageTest("100 MB go both ways whole, and input that ends is told", async () => {
    const stream = await open(["cat"]);
    const [sent, got] = [createHash("sha256"), createHash("sha256")];
    let length = 0;
    stream.on("data", (bytes: Buffer) => {
      got.update(bytes);
      length += bytes.length;
    });
    for (let piece = 0; piece < 100; piece++) {
      const bytes = randomBytes(1_000_000);
      sent.update(bytes);
      if (!stream.write(bytes)) await once(stream, "drain");
    }
    stream.end();
    expect((await stream.over).code).toBe(0);
    await vi.waitFor(() => expect(length).toBe(100_000_000));
    expect(got.digest("hex")).toBe(sent.digest("hex"));
  });

  ground.imageTest("each of a thousand keys is echoed, one after the other", async () => {
    const stream = await open(["cat"]);
    for (let key = 0; key < 1000; key++) {
      const echo = once(stream, "data");
      stream.write(`key ${key}`);
      expect(String((await echo)[0])).toBe(`key ${key}`);
    }
    stream.destroy();
  });

  ground.imageTest(
    "a command's end is told: its status, its last words, that it was killed, that it is not there",
    async () => {
      const ends = (stream: Awaited<ReturnType<typeof open>>) => {
        stream.on("error", () => {}); // told by `over` too
        stream.resume();
        return stream.over;
      };
      expect(await ends(await sh("echo last words >&2; exit 7"))).toEqual({
        ...{ code: 7, reason: "the command ended with exit status 7: last words" },
      });
      expect((await ends(await sh("kill -9 $$"))).code).toBe(137);
      expect(await ends(await open(["/not/there"]))).toMatchObject({
        ...{ code: null, reason: expect.stringMatching(/not\/there.*no such file/) },
      });
    },
  );

  ground.imageTest(
    "[I1] what the API server refuses is told in words, and only a pod it does not know is not there",
    async () => {
      await expect(open(["true"], { pod: "nobody" })).rejects.toMatchObject({ code: "not-found" });
      await expect(open(["true"], { container: "other" })).rejects.toThrow(/container other is not valid/);
      const { core } = ground.admin;
      const body = { metadata: { name: "nobody" } };
      await core.createNamespacedServiceAccount({ namespace: ground.namespace, body });
      const asked = { name: "nobody", namespace: ground.namespace, body: { spec: { audiences: [] } } };
      const { status } = await core.createNamespacedServiceAccountToken(asked);
      const as = (token: string) => async () => {
        const { server, options } = await target();
        return { server, options: { ca: options.ca, headers: { Authorization: `Bearer ${token}` } } };
      };
      const without = open(["true"], { target: as(status?.token ?? "") });
      await expect(without).rejects.toMatchObject({
        ...{
          code: "forbidden",
          message: expect.stringMatching(/missing: grant both "get" and "create" on "pods\/exec"/),
        },
      });
      await expect(open(["true"], { target: as("expired") })).rejects.toThrow(/credentials .*401/);
    },
  );

  ground.imageTest(
    "a pod that is deleted ends its execs, also by force",
    async () => {
      for (const gracePeriodSeconds of [1, 0]) {
        const name = `deleted-${gracePeriodSeconds}`;
        await start(name);
        const stream = await open(["cat"], { pod: name });
        stream.on("error", () => {}); // told by `over` too
        stream.resume();
        await ground.admin.core.deleteNamespacedPod({ name, namespace: ground.namespace, gracePeriodSeconds });
        const { code, reason } = await stream.over;
        expect(code).not.toBe(0);
        expect(reason).not.toBe("");
      }
    },
    120_000,
  );
});
