import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const button = cva(
  "touch inline-flex shrink-0 items-center justify-center gap-1.5 border font-medium whitespace-nowrap no-underline transition-[background,border-color] duration-(--t-fast) hover:no-underline disabled:cursor-not-allowed aria-disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        plain:
          "border-line bg-raised text-fg shadow-low hover:border-line-hover hover:bg-hover active:bg-active disabled:bg-transparent disabled:text-disabled disabled:shadow-none",
        primary:
          "border-transparent bg-accent text-on-accent shadow-low hover:bg-accent-hover disabled:border-line disabled:bg-transparent disabled:text-disabled disabled:shadow-none",
        danger:
          "border-transparent bg-danger text-on-danger shadow-low hover:bg-danger-hover disabled:border-line disabled:bg-transparent disabled:text-disabled disabled:shadow-none",
        attention: "border-transparent bg-attention-solid text-on-attention shadow-low hover:brightness-94",
        quiet:
          "border-transparent bg-transparent text-fg-2 hover:bg-hover hover:text-fg disabled:bg-transparent disabled:text-disabled",
      },
      size: {
        sm: "h-(--h-sm) rounded-[5px] px-2 text-12",
        md: "h-(--h-md) rounded-2 px-2.5 text-13",
        lg: "h-(--h-lg) rounded-2 px-3.5 text-13",
        touch: "h-11 rounded-2 px-3.5 text-14",
      },
      shape: { word: "", icon: "px-0" },
    },
    compoundVariants: [
      { shape: "icon", size: "sm", class: "w-(--h-sm)" },
      { shape: "icon", size: "md", class: "w-(--h-md)" },
      { shape: "icon", size: "lg", class: "w-(--h-lg)" },
      { shape: "icon", size: "touch", class: "w-11" },
    ],
    defaultVariants: { look: "plain", size: "md", shape: "word" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean };

/** The one button. One `primary` per view; `danger` only where something is lost. */
export function Button({ look, size, shape, asChild = false, className, type, ...rest }: ButtonProps) {
  const classes = cn(button({ look, size, shape }), className);
  if (asChild) return <Slot.Root className={classes} {...rest} />;
  return <button type={type ?? "button"} className={classes} {...rest} />;
}
