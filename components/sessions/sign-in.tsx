"use client";
import { useEffect, useRef, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Logo } from "@/components/ui/logo";
import { ErrorState } from "@/components/ui/notice";

type State = { kind: "looking" } | { kind: "no-token" } | { kind: "refused"; words: string };

/** Takes the one-time token from the address, where no server log sees it, and clears it before anything else. */
export function SignIn() {
  const [state, setState] = useState<State>({ kind: "looking" });
  const taken = useRef(false);
  useEffect(() => {
    // A token works once: a second run of this effect must not spend it again.
    if (taken.current) return;
    taken.current = true;
    const token = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    if (token === "") return setState({ kind: "no-token" });
    api.signIn(token).then(
      () => location.replace("/"),
      (error: unknown) => setState({ kind: "refused", words: wordsOf(error) }),
    );
  }, []);
  return (
    <main className="h-dvh overflow-auto bg-panel px-5">
      <div className="mx-auto mt-[12vh] max-w-120">
        <div className="mb-6 flex items-center gap-2 text-16 font-semibold">
          <Logo className="size-5.5" />
          Trellis
        </div>
        {state.kind === "looking" && (
          <p role="status" className="text-fg-2">
            Signing in…
          </p>
        )}
        {state.kind === "no-token" && (
          <>
            <h1>Sign in</h1>
            <p className="mt-2 text-14 leading-[1.55] text-fg-2">
              Open the link that the server printed when it started. It works once, for 15 minutes.
            </p>
          </>
        )}
        {state.kind === "refused" && <ErrorState>{state.words}</ErrorState>}
        {state.kind !== "looking" && (
          <p className="mt-4 text-14 leading-[1.55] text-fg-2">
            For a fresh link run <code className="rounded-1 bg-active px-1.25 py-0.5">npm run sign-in</code> on the
            machine of the server.
          </p>
        )}
      </div>
    </main>
  );
}
