"use client";
import { useState } from "react";

/** Gives the focus back to what had it when a dialog without a button of its own was opened. For `onCloseAutoFocus`. */
export function useFocusReturn(): (event: Event) => void {
  // While rendering: an autofocused field takes the focus before any effect could look.
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
