import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button";
import { Kbd } from "./kbd";
import { Tooltip } from "./tooltip";

type IconButtonProps = Omit<ComponentProps<typeof Button>, "children" | "shape" | "aria-label"> & {
  /** Its name for everyone: spoken, and shown in the tooltip. */
  label: string;
  /** The shortcut, such as `Ctrl Shift F`. */
  keys?: string;
  children: ReactNode;
};

/** A button that is only an icon always has a name and a tooltip with its key. */
export function IconButton({ label, keys, look = "quiet", size = "sm", children, ...rest }: IconButtonProps) {
  const content =
    keys === undefined ? (
      label
    ) : (
      <span className="flex items-center gap-2">
        {label} <Kbd keys={keys} />
      </span>
    );
  return (
    <Tooltip content={content}>
      <Button aria-label={label} shape="icon" look={look} size={size} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}
