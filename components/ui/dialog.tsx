"use client";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { useFocusReturn } from "./use-focus-return";

type DialogProps = {
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, the chosen one last. */
  footer?: ReactNode;
  className?: string;
};

const surface =
  "fixed z-(--z-dialog) flex flex-col overflow-hidden border border-line bg-raised shadow-dialog outline-none animate-rise " +
  "max-phone:inset-x-0 max-phone:bottom-0 max-phone:max-h-[94dvh] max-phone:rounded-t-4 max-phone:border-x-0 max-phone:border-b-0 " +
  "phone:top-1/2 phone:left-1/2 phone:max-h-[calc(100dvh-40px)] phone:w-[min(560px,calc(100vw-40px))] phone:-translate-x-1/2 phone:-translate-y-1/2 phone:rounded-4";

/** A dialog; a sheet from the bottom on a phone. It traps the focus and gives it back. Open while it is rendered. */
export function Dialog({ onClose, title, description, children, footer, className }: DialogProps) {
  const giveBack = useFocusReturn();
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-(--z-dialog) animate-fade bg-scrim" />
        <Radix.Content
          className={cn(surface, className)}
          onCloseAutoFocus={giveBack}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header className="px-5 pt-4 pb-3">
            <Radix.Title className="text-16">{title}</Radix.Title>
            {description !== undefined && (
              <Radix.Description className="mt-0.5 text-fg-2">{description}</Radix.Description>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-5 pb-5">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center gap-2 border-t border-line bg-app px-5 py-3 max-phone:[&>button]:h-11 max-phone:[&>button]:flex-1">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
