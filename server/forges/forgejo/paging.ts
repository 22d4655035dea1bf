/** Entries of one page: the most that Gitea gives unless its administrator allows more (`MAX_RESPONSE_ITEMS`). */
export const pageSize = 50;
/** More pages than this of one commit's checks or one pull request's reviews are not read: a part is not what is known. */
export const mostPages = 20;
