import { CircleX } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

const box =
  "w-full rounded-2 border border-line-strong bg-panel px-2.5 text-fg placeholder:text-fg-3 hover:border-fg-3 disabled:text-disabled aria-invalid:border-failing";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(box, "h-(--h-lg)", className)} spellCheck={false} autoComplete="off" {...rest} />;
}

/** Of a web address; 2048 is what the API takes. */
export function AddressInput(props: ComponentProps<"input">) {
  return <Input type="url" inputMode="url" maxLength={2048} placeholder="https://…" {...props} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(box, "min-h-20 resize-y py-2", className)} spellCheck={false} {...rest} />;
}

type FieldProps = {
  label: string;
  hint?: ReactNode;
  /** What is wrong with it and what to do; shown at the field and spoken. */
  error?: ReactNode;
  children: (field: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
};

/** A label, its control, a hint, and the error where it happened. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const wrong = error !== undefined && error !== null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-words`, "aria-invalid": wrong })}
      <div id={`${id}-words`} className="text-12 text-fg-3 empty:hidden">
        {wrong ? <FieldError>{error}</FieldError> : hint}
      </div>
    </div>
  );
}

/** An error beside what it is about. */
export function FieldError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="flex items-start gap-1.75 text-13 text-fg">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-failing" strokeWidth={1.75} />
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </div>
  );
}
