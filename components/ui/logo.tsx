import { cn } from "./cn";

/** The mark: a trellis. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cn("size-4.5 shrink-0 text-accent-text", className)}
    >
      <path d="M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16M5 9h14M5 15h14M12 3v18" />
    </svg>
  );
}
