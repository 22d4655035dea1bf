"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Card } from "@/components/ui/list";
import type { RepositoryView } from "@/server/protocol/api";
import { CloneState } from "./clone-state";
import { useNewSession } from "./use-new-session";
import { repositoryPath } from "./use-path";

/** A repository with its host's state, its count and its own New Session, which makes one at once. */
export function RepositoryCard({ repository, active }: { repository: RepositoryView; active: number }) {
  const make = useNewSession();
  return (
    <Card className="transition-colors duration-(--t-fast) hover:border-line-hover">
      <div className="flex items-center gap-2">
        <Link
          href={repositoryPath(repository.id)}
          className="min-w-0 flex-1 truncate font-medium text-fg pointer-coarse:py-2"
        >
          {repository.name}
        </Link>
        <Button
          size="sm"
          aria-label={`New Session in ${repository.name}`}
          disabled={make.isPending || repository.clone.state === "deleting"}
          onClick={() => make.mutate({ repositoryId: repository.id })}
        >
          <Plus className="size-3.5!" strokeWidth={1.75} />
          New Session
        </Button>
      </div>
      <div className="mt-1.75">
        <CloneState repository={repository} />
      </div>
      <div className="mt-1 text-12 text-fg-3">
        {active} active{repository.defaultBranch === null ? "" : " · "}
        {repository.defaultBranch !== null && <span className="font-mono text-11">{repository.defaultBranch}</span>}
      </div>
      {make.error !== null && (
        <div className="mt-2">
          <FieldError>{wordsOf(make.error)}</FieldError>
        </div>
      )}
    </Card>
  );
}
