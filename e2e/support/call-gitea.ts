type Call = { method: string; where: string; body?: unknown };

/** One call of a real Gitea's API, `where` below `/api/v1`. Null for an empty answer; rejects on all but success. */
export async function callGitea<T>(at: { url: string; token: string }, { method, where, body }: Call): Promise<T> {
  const response = await fetch(`${at.url}/api/v1${where}`, {
    method,
    headers: { authorization: `token ${at.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}
