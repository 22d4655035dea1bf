/** Under this name the API server notes what we write. */
export const fieldManager = "trellis";
