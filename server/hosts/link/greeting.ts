import { z } from "zod";
import type { Frame } from "../../protocol/byte-frames";
import { holderFrame, holderProtocol, welcomeMessage } from "../../protocol/holder-protocol";

export type Welcome = z.infer<typeof welcomeMessage>;

const refusal = z.object({ reason: z.string() });

/** Newest first. A holder runs on while the server is upgraded, so the two versions before are spoken too. */
export const spokenProtocols: readonly number[] = [holderProtocol, holderProtocol - 1, holderProtocol - 2].filter(
  (protocol) => protocol >= 1,
);

export function helloPayload(protocol: number, serverNumber: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ protocol, serverNumber }));
}

/** The holder's first word after a hello. Throws on anything else: then it is no holder. */
export function greeting(
  frame: Frame,
  protocol: number,
): { kind: "welcome"; welcome: Welcome } | { kind: "refused"; reason: string } {
  const message: unknown = JSON.parse(new TextDecoder().decode(frame.payload));
  if (frame.type === holderFrame.refused) return { kind: "refused", reason: refusal.parse(message).reason };
  if (frame.type !== holderFrame.welcome) throw new Error(`frame ${frame.type} before the welcome`);
  const welcome = welcomeMessage.parse(message);
  if (welcome.protocol === protocol) return { kind: "welcome", welcome };
  const reason =
    `the holder answered protocol ${protocol} with ${welcome.protocol}: end it when its terminals may end ` +
    "(npm run stop-all), and the server starts a new one";
  return { kind: "refused", reason };
}
