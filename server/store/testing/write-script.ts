// `<url> <user id> <how many>`: that many writers at the same time, each of a notification and a number of the lease.
import { sampleNotification } from "../../fakes/sample-rows";
import { openTestStore } from "./open-test-store";

const [url = "", userId = "", many = "0"] = process.argv.slice(2);
const store = await openTestStore(url);
const now = new Date();
const claims = await Promise.all(
  Array.from({ length: Number(many) }, async () => {
    await store.notifications.create(sampleNotification(userId), []);
    return store.leases.take({ name: "contended", owner: "anyone", ttlMs: 1000, now, force: true, atLeast: 1 });
  }),
);
await store.close();
console.log(JSON.stringify(claims.map((claim) => (claim.kind === "taken" ? claim.number : null))));
