import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { safeLink } from "@/components/ui/safe-link";

type ForgeLinkProps = { url: string | null; children: ReactNode; icon?: boolean; className?: string };

/** Opens what a forge named in a tab of its own; plain text where its address is not one for a browser. */
export function ForgeLink({ url, children, icon = false, className }: ForgeLinkProps) {
  const href = url === null ? null : safeLink(url);
  if (href === null) return <span className={className}>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      className={cn("inline-flex min-w-0 items-center gap-1", className)}
    >
      {children}
      {icon && <ExternalLink aria-hidden className="size-3.25 shrink-0" strokeWidth={1.75} />}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}
