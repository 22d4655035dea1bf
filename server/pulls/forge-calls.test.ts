import { expect, test } from "vitest";
import { AppError } from "../domain/app-error";
import { openPullsGround } from "./testing/open-pulls";

test("what a token lacks stays told over a restart, until a check says otherwise", async () => {
  const ground = await openPullsGround();
  ground.forge.missing = ["webhooks: to be told at once"];
  const first = ground.open();
  const added = await first.addForge(ground.user, { kind: "forgejo", url: "https://other.test", token: "t" });
  expect(added.forge.account?.missing).toEqual(ground.forge.missing);
  first.close();
  const second = ground.open();
  const missing = async () =>
    (await second.forges(ground.user)).find(({ forge }) => forge.id === added.forge.id)?.forge.account?.missing;
  expect(await missing()).toEqual(["webhooks: to be told at once"]);
  ground.forge.missing = [];
  ground.forge.trouble = new AppError("unavailable", "it is away");
  await expect(second.checkForge(ground.user, added.forge.id)).rejects.toThrow("it is away");
  expect(await missing()).toEqual(["webhooks: to be told at once"]);
  ground.forge.trouble = null;
  await second.checkForge(ground.user, added.forge.id);
  expect(await missing()).toEqual([]);
  await expect(second.checkForge({ ...ground.user, id: "eve" }, added.forge.id)).rejects.toThrow("There is no forge");
});
