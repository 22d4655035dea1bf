import { AppError } from "../../domain/app-error";
import type { ForgeAccount } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { accountShape } from "./shapes";

/** Whose token it is and what it lacks; refused where no Gitea or Forgejo is at that address. */
export async function checkAccount(http: ForgeHttp, url: string): Promise<ForgeAccount> {
  const answer = await http.send("/user").catch((error: unknown) => {
    if (AppError.is(error) && error.code === "not-found") return null;
    throw error;
  });
  // Other sites answer with a page of theirs, or with 404.
  const account = accountShape.safeParse(answer?.json);
  if (!account.success)
    throw new AppError("refused", `${url} answers, but not as a Gitea or Forgejo: check the address.`);
  const { login, full_name } = account.data;
  return { login, name: full_name || null, missing: await missingRights(http) };
}

/**
 * The API tells what a token may do only by refusing it. What is asked here could change nothing, for `-` can be nobody's
 * name, and a token is looked at first: 403 where it lacks the scope, and 404 where it does not.
 */
async function missingRights(http: ForgeHttp): Promise<string[]> {
  try {
    await http.send("/repos/-/-/pulls", { method: "POST", body: {} });
  } catch (error) {
    if (!AppError.is(error) || error.code === "unavailable") throw error;
    if (error.code === "refused" && /scope/i.test(error.message))
      return ["the scope write:repository (reading and merging pull requests, checks and webhooks)"];
  }
  return [];
}
