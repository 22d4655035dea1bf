import { PageBody } from "@/components/sessions/page-body";

export default function UsagePage() {
  return (
    <PageBody>
      <h1>Usage</h1>
      <p className="mt-2 text-fg-2">Tokens and cost are counted once this server can run agents; it cannot yet.</p>
    </PageBody>
  );
}
