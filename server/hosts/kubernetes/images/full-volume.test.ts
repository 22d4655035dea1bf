import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { HolderLink } from "../../link/holder-link";
import { createPtyHost } from "../../pty-host";
import { quietLog } from "../../testing/link-fixture";
import { openCluster } from "../cluster/open-cluster";
import { openExec } from "../exec/open-exec";
import { describeCluster } from "../testing/cluster";
import { until } from "./testing/pod-shell";

const container = "workspace";
const bytesOf = (text: string) => new TextEncoder().encode(text);

describeCluster("a pod whose volume is full", (ground) => {
  const { imageTest } = ground;

  /** No class of volume here has a bound; a file system in memory has one. */
  async function makeFullPod(name: string): Promise<void> {
    const image = ground.image;
    const volumeMounts = [
      { name: "full", mountPath: "/workspace" },
      { name: "run", mountPath: "/run/trellis" },
    ];
    const fill = "dd if=/dev/zero of=/workspace/fill bs=4k 2>/dev/null; df -k /workspace | grep -q ' 0 100%'";
    const body = {
      metadata: { name },
      spec: {
        securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
        initContainers: [{ name: "fill", image, imagePullPolicy: "Never", command: ["sh", "-c", fill], volumeMounts }],
        containers: [{ name: container, image, imagePullPolicy: "Never", volumeMounts }],
        volumes: [
          { name: "full", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
          { name: "run", emptyDir: {} },
        ],
      },
    };
    await ground.admin.core.createNamespacedPod({ namespace: ground.namespace, body });
    const { namespace } = ground;
    await until(async () => {
      const { status } = await ground.admin.core.readNamespacedPod({ namespace, name });
      expect(status?.containerStatuses?.[0]?.ready).toBe(true);
    });
  }

  imageTest(
    "[I8] has terminals, that keep their output in memory and say so, and in which room is made",
    async () => {
      await makeFullPod("full");
      const { kubeconfig, namespace } = ground;
      const cluster = await openCluster({ kubeconfig, namespace, log: quietLog });
      const link = new HolderLink({
        connect: (signal) =>
          openExec({
            target: () => cluster.execTarget(),
            ...{ namespace, pod: "full", container, command: ["/opt/trellis/init", "connect"], signal },
          }),
        ...{ serverNumber: 1, log: quietLog },
      });
      try {
        const ptys = createPtyHost(link, { environment: {}, log: quietLog });
        const processId = randomUUID();
        const usual = { sessionId: randomUUID(), command: null, cwd: "/", env: {}, cols: 80, rows: 24 };
        const { epoch } = await ptys.open({ processId, ...usual });
        const [printed, warnings]: string[][] = [[], []];
        ptys.subscribe(
          processId,
          epoch,
          { offset: 0, windowBytes: 65_536 },
          {
            onRecord: (record) => record.kind === "output" && printed?.push(new TextDecoder().decode(record.bytes)),
            onEvent: (event) => event.kind === "warning" && warnings?.push(event.message),
            onInputAck() {},
            onLost() {},
          },
        );
        let position = 0;
        const type = (text: string) => {
          const bytes = bytesOf(text);
          ptys.write(processId, epoch, { clientId: "c", position, bytes });
          position += bytes.length;
        };
        type("seq 2000\n");
        const told = "no longer kept on disk, only the last 2 MiB in memory: ENOSPC";
        await until(() => expect(warnings).toContainEqual(expect.stringContaining(told)));
        type("rm /workspace/fill && echo made-\\room\n");
        await until(() => expect(printed?.join("")).toContain("made-room"));
        const log = await ptys.readLog(processId, epoch, 0, 1024 * 1024);
        expect(log.records.filter(({ kind }) => kind === "gap")).toEqual([]);
        const said = () => cluster.log("full", { container, previous: false, lines: 20 });
        await expect.poll(said).toContain("/workspace is full: terminals keep their output in memory only");
      } finally {
        await link.close();
      }
    },
    120_000,
  );
});
