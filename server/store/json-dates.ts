import { z } from "zod";

/** A date inside a JSON column. */
export const jsonDate = z.iso.datetime().transform((text) => new Date(text));
