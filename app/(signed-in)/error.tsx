"use client";
import { PageBody } from "@/components/sessions/page-body";
import { ErrorState } from "@/components/ui/notice";
import { ReloadButton } from "@/components/ui/reload-button";

/** What a person sees where a page breaks while it is drawn; the frame around it goes on. */
export default function PageBroke({ error }: { error: Error }) {
  return (
    <PageBody>
      <ErrorState action={<ReloadButton>Reload the page</ReloadButton>}>
        <p className="font-medium">This page could not be shown.</p>
        <p className="mt-1 text-fg-2">Nothing that runs in a session is touched by it.</p>
        {error.message !== "" && <p className="mt-1 text-fg-2">The reason: {error.message}</p>}
      </ErrorState>
    </PageBody>
  );
}
