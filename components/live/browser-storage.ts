/** `localStorage` that never throws: a private window may refuse it, and then only the next visit forgets. */
export const browserStorage = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      // As if nothing had been kept.
      return null;
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // What is on screen holds; it is not kept for the next visit.
    }
  },
};
