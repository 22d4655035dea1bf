import { RefreshCw } from "lucide-react";
import { Button } from "./button";

/** For what only a fresh page mends: a script that did not come, a page that broke. */
export function ReloadButton() {
  return (
    <Button onClick={() => window.location.reload()}>
      <RefreshCw className="size-3.5!" strokeWidth={1.75} />
      Reload the page
    </Button>
  );
}
