import { decodePageCursor } from "../kit/page-cursor";

/** One row beyond the page is read: it tells whether there is another page. */
export function newestFirst(page: { limit: number; cursor?: string }) {
  return {
    where: page.cursor === undefined ? {} : after(page.cursor),
    orderBy: [{ createdAt: "desc" as const }, { id: "desc" as const }],
    take: page.limit + 1,
  };
}

function after(cursor: string) {
  const { createdAt, id } = decodePageCursor(cursor);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}
