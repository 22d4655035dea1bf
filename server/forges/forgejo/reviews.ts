import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { ForgeHttp } from "../http";
import { mostPages, pageSize } from "./paging";
import { type RawReview, reviewShape } from "./shapes";

/** All reviews of one pull request, the oldest first. Rejected where there are so many that a part would be all one had. */
export async function readReviewList(http: ForgeHttp, at: string): Promise<RawReview[]> {
  const reviews: RawReview[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const some = await http.ask(at, z.array(reviewShape), { query: { limit: pageSize, page } });
    reviews.push(...some);
    if (some.length < pageSize) return reviews;
  }
  throw new AppError("refused", `It has more than the ${mostPages * pageSize} reviews that are read.`);
}
