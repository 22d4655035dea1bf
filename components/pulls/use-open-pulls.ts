"use client";
import { useQuery } from "@tanstack/react-query";
import { api } from "@/components/live/api";

/** The open pull requests of a repository that the server knows of, whoever's they are; asked when something shows them. */
export function useOpenPulls(repositoryId: string | undefined) {
  return useQuery({
    queryKey: ["open-pulls", repositoryId],
    queryFn: ({ signal }) => api.openPulls(repositoryId ?? "", signal),
    enabled: repositoryId !== undefined,
    refetchOnMount: "always",
  });
}
