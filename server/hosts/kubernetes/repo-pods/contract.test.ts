import { hostContract } from "../../../sessions/host.contract";
import { ptyHostContract } from "../../../terminals/pty-host.contract";
import { describeCluster } from "../testing/cluster";
import { openHosts, untilState } from "./testing/open-hosts";

describeCluster("a repo pod, over one exec,", (ground) => {
  const open = async () => {
    const opened = await openHosts(ground);
    const hosts = opened.start();
    const repositoryId = opened.add();
    const [host, ptys] = [hosts.host(repositoryId), hosts.ptys(repositoryId)];
    host.wake();
    await untilState(host, "reachable");
    const close = async () => {
      await host.remove();
      await hosts.close();
      await opened.proxy.goAway();
    };
    return { host, ptys, proxy: opened.proxy, close };
  };

  hostContract("its host", async () => {
    const { host, ptys, close } = await open();
    let count = 0;
    return {
      ...{ host, close },
      async start(sessionId, command) {
        count += 1;
        const place = { cwd: "/", env: {}, cols: 80, rows: 24 };
        await ptys.open({ processId: `program-${count}`, sessionId, command, ...place });
      },
    };
  });

  ptyHostContract("its PTY host", async () => {
    const { host, ptys, proxy, close } = await open();
    return {
      ...{ ptys, close, cwd: host.paths().worktrees },
      echo: { command: ["sh", "-c", "stty raw -echo; printf ready; exec cat"], ready: "ready" },
      prints: (text, code) => ["sh", "-c", 'printf %s "$1"; exit "$2"', "sh", text, String(code)],
      async cut() {
        const away = new Promise<void>((resolve) => {
          const off = ptys.onState(() => {
            off();
            resolve();
          });
        });
        proxy.cut();
        await away;
      },
    };
  });
});
