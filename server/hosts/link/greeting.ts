import { z } from "zod";
import type { Frame } from "../../protocol/byte-frames";
import { holderFrame, holderProtocol, welcomeMessage } from "../../protocol/holder-protocol";

export type Welcome = z.infer<typeof welcomeMessage>;

const refusal = z.object({ reason: z.string() });

/** The oldest holder that this server still talks to: a holder runs on while the server is upgraded. */
const oldestProtocol = Math.max(1, holderProtocol - 2);

export function helloPayload(serverNumber: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ protocol: holderProtocol, serverNumber }));
}

/** The holder's first word. Throws on anything else: then it is no holder. */
export function greeting(frame: Frame): { kind: "welcome"; welcome: Welcome } | { kind: "refused"; reason: string } {
  const message: unknown = JSON.parse(new TextDecoder().decode(frame.payload));
  if (frame.type === holderFrame.refused) return { kind: "refused", reason: refusal.parse(message).reason };
  if (frame.type !== holderFrame.welcome) throw new Error(`frame ${frame.type} before the welcome`);
  const welcome = welcomeMessage.parse(message);
  if (welcome.protocol > holderProtocol || welcome.protocol < oldestProtocol) {
    const reason = `The holder speaks protocol ${welcome.protocol}, this server ${oldestProtocol} to ${holderProtocol}.`;
    return { kind: "refused", reason };
  }
  return { kind: "welcome", welcome };
}
