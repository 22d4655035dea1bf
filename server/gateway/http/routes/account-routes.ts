import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import { userView } from "../../../protocol/api";
import { patchUser, signIn } from "../../../protocol/api-requests";
import type { GatewayDeps } from "../../deps";
import { userView as toUserView } from "../../views/user-view";
import type { Api } from "../api-env";
import { RateLimit } from "../rate-limit";
import { given, jsonAnswer, jsonBody, refusedWith } from "../route-parts";
import { clearCookie, setCookie } from "../session-cookie";

const user = userView.meta({ id: "User" });

const me = createRoute({
  method: "get",
  path: "/api/me",
  summary: "Who is signed in",
  responses: { 200: jsonAnswer("The user", user), ...refusedWith() },
});
const patchMe = createRoute({
  method: "patch",
  path: "/api/me",
  summary: "Change name or address, as commits carry them",
  request: jsonBody(patchUser),
  responses: { 200: jsonAnswer("The user", user), ...refusedWith() },
});
const begin = createRoute({
  method: "post",
  path: "/api/sign-in",
  summary: "Sign a browser in by the one-time token of a link",
  description: "Sets the cookie. Needs no sign-in.",
  request: jsonBody(signIn),
  responses: { 200: jsonAnswer("The user", user), ...refusedWith(429) },
});
const end = createRoute({
  method: "post",
  path: "/api/sign-out",
  summary: "Sign this browser out",
  responses: { 204: { description: "Its cookie is worth nothing now" }, ...refusedWith() },
});
const link = createRoute({
  method: "post",
  path: "/api/sign-in-links",
  summary: "A fresh sign-in link, for a bearer token only",
  responses: {
    201: jsonAnswer("Works once and until then", z.object({ url: z.string(), expiresAt: z.iso.datetime() })),
    ...refusedWith(),
  },
});

/** `signedOut` closes the sockets of that browser at once. */
export function accountRoutes(api: Api, deps: GatewayDeps, signedOut: (loginId: string) => void): void {
  const { accounts } = deps;
  const failures = new RateLimit(10, 60_000, () => deps.now().getTime());
  api.openapi(me, (c) => c.json(toUserView(c.get("identity").user), 200));
  api.openapi(patchMe, async (c) => {
    const patch = given(c.req.valid("json")) as { name?: string; email?: string };
    return c.json(toUserView(await accounts.updateUser(c.get("identity").user.id, patch)), 200);
  });
  api.openapi(begin, async (c) => {
    const address = c.env.incoming.socket.remoteAddress ?? "";
    failures.check(address);
    const signedIn = await accounts.signIn(c.req.valid("json").token);
    if (!signedIn) {
      failures.failed(address);
      throw new AppError(
        "signed-out",
        "This sign-in link was used already or is too old: `npm run sign-in` prints a fresh one.",
      );
    }
    c.header("set-cookie", setCookie(deps.origin(), signedIn.cookie, signedIn.expiresAt));
    return c.json(toUserView(signedIn.user), 200);
  });
  api.openapi(end, async (c) => {
    const { loginId } = c.get("identity");
    if (loginId !== null) {
      await accounts.signOut(loginId);
      signedOut(loginId);
    }
    c.header("set-cookie", clearCookie(deps.origin()));
    return c.body(null, 204);
  });
  api.openapi(link, async (c) => {
    const { user, by } = c.get("identity");
    if (by !== "token") throw new AppError("forbidden", "A sign-in link is given for a bearer token only.");
    const { token, expiresAt } = await accounts.makeSignInToken(user.id);
    return c.json({ url: `${deps.origin()}/sign-in#${token}`, expiresAt: expiresAt.toISOString() }, 201);
  });
}
