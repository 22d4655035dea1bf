import type { Channel } from "../../domain/channel";
import type { ChannelView } from "../../protocol/channels";

export function channelView({ id, kind, name, addressHash, createdAt, sentAt, trouble }: Channel): ChannelView {
  return {
    ...{ id, kind, name, addressHash },
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    trouble: trouble && { reason: trouble.reason, since: trouble.since.toISOString() },
  };
}
