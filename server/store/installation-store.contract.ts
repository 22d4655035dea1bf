import { describe, expect, test } from "vitest";
import { openTestStore } from "./testing/open-test-store";

export function installationStoreContract(name: string, newDatabase: () => Promise<string>): void {
  describe(`the installation in ${name}`, () => {
    test("servers that ask at the same time agree on its id, and it stays", async () => {
      const url = await newDatabase();
      const stores = [await openTestStore(url), await openTestStore(url)];
      const asked = stores.flatMap((store) => Array.from({ length: 10 }, () => store.installation.id()));
      const ids = new Set(await Promise.all(asked));
      expect(ids.size).toBe(1);
      for (const store of stores) await store.close();
      const again = await openTestStore(url);
      expect(ids).toContain(await again.installation.id());
      await again.close();
    });

    test("two installations are never called the same", async () => {
      const ids = [];
      for (const url of [await newDatabase(), await newDatabase()]) {
        const store = await openTestStore(url);
        ids.push(await store.installation.id());
        await store.close();
      }
      expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
      expect(ids[0]).not.toBe(ids[1]);
    });
  });
}
