/** Told after a write, so that readers look again. A hint: lost, doubled and late ones are all harmless. */
export interface Changes {
  session(sessionId: string): void;
  repository(repositoryId: string): void;
  notification(userId: string): void;
}
