/** Shows what the server pushes while no page of it is in sight, and opens the session that it is about. */
const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

async function show({ id, title, body, path }) {
  // Who looks at a page sees it there.
  if ((await pages()).some(({ visibilityState }) => visibilityState === "visible")) return;
  // A repeat has the same tag and takes the place of the first.
  await self.registration.showNotification(title, { body, tag: id, data: { path }, icon: "/icon.svg" });
}

async function open(path) {
  const url = new URL(path, self.location.origin).href;
  const open = await pages();
  const page = open.find((one) => one.url === url) ?? open[0];
  if (!page) return self.clients.openWindow(url);
  await page.focus();
  if (page.url !== url) await page.navigate(url).catch(() => self.clients.openWindow(url));
}

/** The browser's service gave this browser another address: the server is told, or it would write to the old one. */
async function renew({ oldSubscription, newSubscription }) {
  const options = oldSubscription?.options;
  const next = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
  if (!next) return;
  const { endpoint, keys } = next.toJSON();
  await fetch("/api/notification-channels", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: "push", name: "This browser, renewed", endpoint, keys }),
  });
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data.json())));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
