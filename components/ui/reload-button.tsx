import { RefreshCw } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "./button";

/** For what only a fresh page mends: a script that did not come, a page that broke or is outdated. */
export function ReloadButton({ size, children }: Pick<ComponentProps<typeof Button>, "size" | "children">) {
  return (
    <Button size={size} onClick={() => location.reload()}>
      <RefreshCw className="size-3.5!" strokeWidth={1.75} />
      {children}
    </Button>
  );
}
