export type Credential = { username: string; password: string };

/** As the store keeps it, encrypted: both parts percent-encoded, with the one colon between them. */
export function credentialText({ username, password }: Credential): string {
  return `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
}

/** What `credentialText` wrote. */
export function readCredential(text: string): Credential {
  const [username = "", password = ""] = text.split(":").map(decodeURIComponent);
  return { username, password };
}

const helper =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$TRELLIS_GIT_USERNAME" "$TRELLIS_GIT_PASSWORD"; }; f';

/**
 * Environment for git commands that reach the remote: the secret of a clone URL stands in no command line, URL or file.
 * Only the remote's own origin gets it. Other helpers are switched off, for git would have them store it on disk.
 */
export function credentialEnv(cloneUrl: string, secret: string | null): Record<string, string> {
  if (secret === null) return {};
  const { username, password } = readCredential(secret);
  return {
    TRELLIS_GIT_USERNAME: username,
    TRELLIS_GIT_PASSWORD: password,
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "credential.helper",
    GIT_CONFIG_VALUE_0: "",
    GIT_CONFIG_KEY_1: `credential.${new URL(cloneUrl).origin}.helper`,
    GIT_CONFIG_VALUE_1: helper,
  };
}
