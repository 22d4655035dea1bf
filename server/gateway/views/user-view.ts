import type { User } from "../../domain/user";
import type { UserView } from "../../protocol/api";

export function userView({ id, username, name, email, role }: User): UserView {
  return { id, username, name, email, role };
}
