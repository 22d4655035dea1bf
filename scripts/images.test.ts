import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const stages = (image: string) => {
  const file = path.resolve(import.meta.dirname, "../deploy", image, "Dockerfile");
  const [, ...found] = readFileSync(file, "utf8").split(/^(?=FROM )/m);
  return new Map(found.map((stage) => [/ AS (\w+)/.exec(stage)?.[1] ?? "", stage.trim()]));
};

test("[I10] both images have one Trellis in them, made by the same stages", () => {
  const [server, workspace] = [stages("trellis"), stages("workspace")];
  for (const name of ["packages", "holder", "init"]) {
    expect(workspace.get(name), name).toMatch(/^FROM /);
    expect(server.get(name), name).toBe(workspace.get(name));
  }
  for (const last of [server, workspace]) expect(last.get("")).toContain("COPY --from=init /opt/trellis /opt/trellis");
});
