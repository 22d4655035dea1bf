import { z } from "zod";

/** The pages' policy forbids eval, and zod looks for it when a schema is made: so this is imported before any schema. */
z.config({ jitless: true });
