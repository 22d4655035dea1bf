"use client";
import { useRouter } from "next/navigation";
import { Card } from "@/components/ui/list";
import { AddRepositoryForm } from "./add-repository-form";
import { PageBody } from "./page-body";
import { repositoryPath } from "./use-path";

/** First run is the form itself. */
export function FirstRun() {
  const router = useRouter();
  return (
    <PageBody>
      <div className="mx-auto mt-[4vh] max-w-160 phone:mt-[7vh]">
        <h1 className="text-26">Add a repository</h1>
        <p className="mt-2 mb-5 text-14 leading-[1.55] text-fg-2">
          Then <b className="font-medium text-fg">New Session</b> gives you a branch, a worktree and a terminal of your
          own in it. Close the browser when you like: programs go on, and you find everything as you left it.
        </p>
        <Card className="px-5 py-4.5">
          <AddRepositoryForm focus onAdded={({ id }) => router.push(repositoryPath(id))} />
        </Card>
      </div>
    </PageBody>
  );
}
