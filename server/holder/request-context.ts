import type { RequestOf } from "../protocol/holder-protocol";
import type { Credentials } from "./credentials";
import type { Root } from "./marked-processes";
import type { Processes } from "./processes";
import type { Surroundings } from "./surroundings";

export type InputFrame = { clientId: string; position: number; bytes: Uint8Array };

/** What the requests of a link work on. */
export type RequestContext = {
  processes: Processes;
  surroundings: Surroundings;
  credentials: Credentials;
  roots(): Root[];
  input(handle: number, input: InputFrame): void;
  /** After the response left. */
  shutdown(request: RequestOf<"shutdown">): Promise<void>;
};
