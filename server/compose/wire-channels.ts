import type { Log } from "../kit/log";
import type { ChannelsRoom } from "../notifications/channels";
import { createChannels } from "../notifications/create-channels";
import { createSender } from "../push/create-sender";
import { pushKeys } from "../push/web-push/push-keys";
import type { Store } from "../store/open-store";

type Around = { store: Store; log: Log; now(): Date; signal: AbortSignal; origin(): string };

/** The ways out to a person. The keys of push are made when they are first asked for. */
export function wireChannels({ store, origin, ...around }: Around): ChannelsRoom {
  const keys = pushKeys((name, make) => store.installation.secret(name, make));
  return createChannels({
    ...around,
    channels: store.channels,
    deliveries: store.deliveries,
    sender: createSender({ keys, origin }),
    user: (id) => store.accounts.getUser(id),
    pushKey: async () => (await keys()).publicKey,
  });
}
