import { describe, expect, it } from "vitest";
import { firstHost, whyNotHost } from "./host-choices";

type Known = Parameters<typeof firstHost>[0][number];
const local: Known = { kind: "local", state: "reachable", reason: null, trouble: null, missingRights: [] };
const cluster: Known = { ...local, kind: "kubernetes" };

describe("where a repository may be put", () => {
  it("a host that is not there says what to do", () => {
    expect(whyNotHost("kubernetes", [local])).toContain("set KUBECONFIG");
    expect(whyNotHost("local", [cluster])).toContain("keeps no repositories on its own machine");
    expect(whyNotHost("kubernetes", [local, cluster])).toBeNull();
  });

  it("a cluster that is away or lacks rights says which", () => {
    const away = { ...cluster, state: "unreachable", reason: "connection refused" } as const;
    expect(whyNotHost("kubernetes", [away])).toContain("connection refused");
    const poor = { ...cluster, missingRights: [{ right: "create pods/exec", rule: "" }] };
    expect(whyNotHost("kubernetes", [poor])).toContain("create pods/exec");
    const trouble = "There is no namespace trellis: create it";
    expect(whyNotHost("kubernetes", [{ ...cluster, state: "starting", trouble }])).toBe(trouble);
  });

  it("the wish counts, then what was chosen last, then the server's usual; never one that cannot be had", () => {
    expect(firstHost([local, cluster], ["kubernetes", "local"])).toBe("kubernetes");
    expect(firstHost([local, cluster], [null, "kubernetes"])).toBe("kubernetes");
    expect(firstHost([local, cluster], [null, "docker"])).toBe("local");
    expect(firstHost([local], ["kubernetes", null])).toBe("local");
    expect(firstHost([], [null])).toBeNull();
  });
});
