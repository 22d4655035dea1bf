/** The branch that a delivery of a push names by its ref; null for a tag, and for a delivery of another kind. */
export const branchIn = (ref: string | undefined): string | null => /^refs\/heads\/(.+)$/.exec(ref ?? "")?.[1] ?? null;
