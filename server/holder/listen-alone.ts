import { chmodSync, rmSync } from "node:fs";
import type { Server } from "node:net";

/** On a socket of the owner's alone. What stands at the path is of a dead holder: this one has the lock. */
export function listenAlone(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}
