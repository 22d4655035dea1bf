/** An environment as a person writes it: one `NAME=value` per line, the value as it stands. */
export function parseEnv(text: string): { env: Record<string, string>; wrong: string | null } {
  const env: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] === undefined)
      return { env: {}, wrong: `Line ${index + 1} is not NAME=value: ${line.trim().slice(0, 60)}` };
    env[match[1]] = match[2] ?? "";
  }
  return { env, wrong: null };
}

export function printEnv(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}
