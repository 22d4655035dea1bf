import { hostContract } from "../../sessions/host.contract";
import { openLocalFixture } from "../testing/local-fixture";

hostContract("this machine", async () => {
  const fixture = await openLocalFixture();
  const { host, ptys } = await fixture.open();
  let count = 0;
  return {
    host,
    async start(sessionId, command) {
      count += 1;
      const place = { cwd: "/", env: {}, cols: 80, rows: 24 };
      await ptys.open({ processId: `program-${count}`, sessionId, command, ...place });
    },
    close: fixture.close,
  };
});
