import { Field, Input, TextArea } from "@/components/ui/field";

export type TextFieldView = {
  label: string;
  hint?: string;
  placeholder?: string;
  /** One line where it is not given. */
  rows?: number;
  mono?: boolean;
};

type TextFieldProps = TextFieldView & { value: string; wrong: string | null; onChange: (value: string) => void };

/** A setting that is text, its error at the field. */
export function TextField({ label, hint, placeholder, rows, mono = false, value, wrong, onChange }: TextFieldProps) {
  const look = mono ? "font-mono" : "";
  return (
    <Field label={label} hint={hint} error={wrong}>
      {(names) =>
        rows === undefined ? (
          <Input
            {...names}
            className={look}
            maxLength={250}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <TextArea
            {...names}
            className={look}
            rows={rows}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
