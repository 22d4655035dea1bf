import { z } from "zod";

const keysText = z.object({ publicKey: z.string(), privateKey: z.string() });
/** What says to push services that this server sends (VAPID). With other keys every subscription is worth nothing. */
export type PushKeys = z.infer<typeof keysText>;

/** Keeps what `make` gives, encrypted, or gives what was kept before. */
export type KeepSecret = (name: string, make: () => string) => Promise<string>;

/** Made once for an installation. */
export function pushKeys(keep: KeepSecret): () => Promise<PushKeys> {
  return async () => {
    const { default: webPush } = await import("web-push");
    return keysText.parse(JSON.parse(await keep("push-keys", () => JSON.stringify(webPush.generateVAPIDKeys()))));
  };
}
