export type User = {
  id: string;
  /** As the system knows them; `branchUser` makes the branch part of it. */
  username: string;
  name: string;
  email: string;
  role: "admin" | "member";
  createdAt: Date;
};
