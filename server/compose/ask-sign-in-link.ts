import { readFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../domain/app-error";
import { readRunningServer } from "./data-directory";

const answer = z.object({ url: z.string() });
const waitMs = 10_000;

/** A fresh sign-in link of the server that runs on this data directory. */
export async function askSignInLink(dataDir: string): Promise<string> {
  const server = await readRunningServer(dataDir);
  if (!server?.address || !server.url)
    throw new AppError("unavailable", `No Trellis server runs on ${dataDir}: start it with \`npm start\`.`);
  const token = (await readFile(path.join(dataDir, "token"), "utf8")).trim();
  // By its address, under the name that browsers use: fetch would not let the Host be set.
  const headers = { host: new URL(server.url).host, authorization: `Bearer ${token}` };
  const text = await post(`${server.address}/api/sign-in-links`, headers).catch((error: unknown) => {
    throw new AppError("unavailable", `The server at ${server.address} does not answer: is it still running?`, {
      cause: error,
    });
  });
  const parsed = answer.safeParse(JSON.parse(text));
  if (!parsed.success) throw new AppError("refused", `The server gave no link: ${text}`);
  return parsed.data.url;
}

function post(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: "POST", headers, signal: AbortSignal.timeout(waitMs) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    asking.on("error", reject);
    asking.end();
  });
}
