import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Rows parted by faint lines in one frame. */
export function List({ className, ...rest }: ComponentProps<"ul">) {
  return <ul className={cn("overflow-hidden rounded-3 border border-line bg-raised", className)} {...rest} />;
}

export function ListRow({ className, ...rest }: ComponentProps<"li">) {
  return (
    <li
      className={cn(
        "relative flex min-h-(--h-row-2) items-center gap-3 border-t border-line-faint px-3.5 py-1.75 transition-colors duration-(--t-fast) first:border-t-0 hover:bg-hover max-phone:px-3",
        className,
      )}
      {...rest}
    />
  );
}

export function Card({ className, ...rest }: ComponentProps<"div">) {
  return <div className={cn("rounded-3 border border-line bg-raised px-3.5 py-3", className)} {...rest} />;
}
