import { cn } from "./cn";

/** Keys as they stand on the keyboard, in words parted by spaces: `Ctrl Shift K`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn("inline-flex gap-1", className)}>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="rounded-1 border border-line bg-panel px-1.25 py-0.5 font-sans text-11 leading-none whitespace-nowrap text-fg-3"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
