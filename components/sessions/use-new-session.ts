"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api } from "@/components/live/api";
import { learnSession } from "@/components/live/use-live";
import { sessionPath } from "./use-path";

/** Makes a session and goes to it: its page shows it being created. */
export function useNewSession(onMade: () => void = () => {}) {
  const router = useRouter();
  return useMutation({
    mutationFn: api.newSession,
    onSuccess: (session) => {
      learnSession(session);
      onMade();
      router.push(sessionPath(session.id));
    },
  });
}
