/** `(2) Stream CSV imports · Trellis`: the count first, where a narrow tab still shows it. */
export function tabTitle(here: string | null, waiting: number): string {
  const name = here === null ? "Trellis" : `${here} · Trellis`;
  return waiting === 0 ? name : `(${waiting}) ${name}`;
}

/** The mark with a dot: a tab's icon has no room for a number. A colour of its own, since a tab may be of any theme. */
export const tabIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#3f69e2" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16M5 9h14M5 15h14M12 3v18"/><circle cx="18" cy="18" r="5.5" fill="#c2570c" stroke="#fff" stroke-width="1.5"/></svg>',
)}`;
