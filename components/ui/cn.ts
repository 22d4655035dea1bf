import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Our font sizes are numbers; without this they would be read as colours and one would drop the other. */
const merge = extendTailwindMerge({
  extend: { theme: { text: ["11", "12", "13", "14", "16", "20", "26"], radius: ["1", "2", "3", "4"] } },
});

/** Class names, the later one winning where two set the same thing. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
