"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, type RemainsView } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/components/ui/format";
import { Card } from "@/components/ui/list";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { RepositoryView } from "@/server/protocol/api";

/** Deleting takes the clone and all that ended sessions left: the dialog lists it, looked at now. */
export function DeleteRepository({ repository }: { repository: RepositoryView }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Delete">
      <Card className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-60 text-fg-2">
          Removes the clone, its ended sessions and what was rescued of them. The remote is not touched.
        </p>
        <Button onClick={() => setOpen(true)}>Delete repository…</Button>
      </Card>
      {open && <DeleteDialog repository={repository} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function DeleteDialog({ repository, onClose }: { repository: RepositoryView; onClose: () => void }) {
  const router = useRouter();
  const remains = useQuery({
    queryKey: ["remains", repository.id],
    queryFn: () => api.remains(repository.id),
    refetchOnMount: "always",
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: (token: string) => api.deleteRepository(repository.id, token),
    onSuccess: () => {
      onClose();
      router.push("/");
    },
    // What would go has changed: the newer look is shown, and asked about again.
    onError: () => void remains.refetch(),
  });
  const look = remains.data;
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Cancel</Button>
      <Button
        look="danger"
        disabled={look === undefined || remains.isFetching || remove.isPending}
        onClick={() => look !== undefined && remove.mutate(look.token)}
      >
        Delete {repository.name}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={`Delete ${repository.name}?`}
      description="What goes with it, looked at now."
      footer={footer}
    >
      <div className="grid gap-3">
        {remove.error !== null && <ErrorState>{wordsOf(remove.error)}</ErrorState>}
        {remains.isPending && <SkeletonRows rows={2} label="Looking at what would go" />}
        {remains.error !== null && (
          <ErrorState action={<Button onClick={() => void remains.refetch()}>Look again</Button>}>
            {wordsOf(remains.error)}
          </ErrorState>
        )}
        {look !== undefined && <Remains look={look} />}
      </div>
    </Dialog>
  );
}

function Remains({ look }: { look: RemainsView }) {
  const refs = look.rescues.flatMap(({ rescueRefs }) => rescueRefs);
  const groups = [
    {
      title: `${plural(refs.length, "rescue ref")} of ${plural(look.rescues.length, "ended session")}`,
      lines: refs.map(({ ref, subject }) => `${ref}  ${subject ?? ""}`),
    },
    {
      title: `${plural(look.unpushedBranches.length, "branch", "branches")} with commits on no remote`,
      lines: look.unpushedBranches.map(({ branch, commits }) => `${branch}  ${plural(commits, "commit")}`),
    },
    { title: plural(look.directories.length, "directory", "directories"), lines: look.directories },
  ].filter(({ lines }) => lines.length > 0);
  if (groups.length === 0)
    return <p className="text-fg-2">Only the clone. No rescue refs, no unpushed branches, no directories set aside.</p>;
  return (
    <>
      {groups.map(({ title, lines }) => (
        <section key={title}>
          <h3 className="font-medium">{title}</h3>
          <ul className="mt-1 max-h-40 overflow-auto rounded-2 border border-line px-2.5 py-1.5 font-mono text-11 text-fg-2">
            {lines.map((line) => (
              <li key={line} className="[overflow-wrap:anywhere]">
                {line}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
