import { AppError } from "../domain/app-error";

const refusals = new WeakSet<AppError>();

/** The token itself is refused, and not only what was asked with it: the forge's trouble, whatever repository it was. */
export function tokenRefusal(message: string): AppError {
  const refusal = new AppError("refused", message);
  refusals.add(refusal);
  return refusal;
}

export const isTokenRefusal = (error: AppError): boolean => refusals.has(error);
