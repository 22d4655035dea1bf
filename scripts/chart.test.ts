import { spawnSync } from "node:child_process";
import path from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { clusterRights, namespaceRights, type Right } from "../server/hosts/kubernetes/cluster/rights";

const chart = path.resolve(import.meta.dirname, "../deploy/chart");
const rule = z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) });
const pod = z.object({
  imagePullSecrets: z.unknown().optional(),
  automountServiceAccountToken: z.boolean(),
  securityContext: z.looseObject({}),
  containers: z.array(
    z.looseObject({ securityContext: z.unknown(), env: z.array(z.looseObject({ name: z.string() })) }),
  ),
  volumes: z.array(z.looseObject({ name: z.string() })),
});
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
});
const deployment = z.object({
  spec: z.object({
    replicas: z.number(),
    strategy: z.unknown(),
    template: z.object({ spec: pod }),
  }),
});

function helm(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync("helm", args, { encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** `sets` are `name=value`, as on the command line. */
const template = (...sets: string[]) =>
  helm(
    ...["template", "one", chart, "--namespace", "ground", "--kube-version", "1.30.0"],
    ...sets.flatMap((set) => ["--set", set]),
  );

function objects(...sets: string[]) {
  const { code, stdout, stderr } = template(...sets);
  expect(stderr.replace(/^.*(WARNING|level=).*$/gm, "").trim()).toBe("");
  expect(code).toBe(0);
  return z.array(object).parse(loadAllYaml(stdout).filter(Boolean));
}

const kinds = (...sets: string[]) => objects(...sets).map(({ kind }) => kind);
const deployed = (...sets: string[]) =>
  deployment.parse(objects(...sets).find(({ kind }) => kind === "Deployment")).spec;

const rightsOf = (role: unknown) =>
  z
    .object({ rules: z.array(rule) })
    .parse(role)
    .rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    );
const flat = (rights: readonly Right[]) =>
  rights.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${group}/${resource}`));

const hasHelm = spawnSync("helm", ["version"]).status === 0;

describe.skipIf(!hasHelm)(`the Helm chart${hasHelm ? "" : " (skipped: no helm on PATH)"}`, () => {
  test("is found faultless by Helm's own check", () => {
    const { code, stdout, stderr } = helm("lint", "--strict", chart);
    expect(`${stdout}${stderr}`).toContain("0 chart(s) failed");
    expect(code).toBe(0);
  });

  test("gives the server exactly the rights that it asks for, and reads of the cluster only where they are wanted", () => {
    const all = objects();
    expect(rightsOf(all.find(({ kind }) => kind === "Role")).sort()).toEqual(flat(namespaceRights).sort());
    expect(rightsOf(all.find(({ kind }) => kind === "ClusterRole")).sort()).toEqual(flat(clusterRights).sort());
    expect(kinds("clusterReads=false").filter((kind) => kind.startsWith("Cluster"))).toEqual([]);
  });

  test("runs one server, and refuses two", () => {
    expect(deployed()).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
    expect(template("replicas=2").stderr).toContain("'/replicas': value must be 1");
  });

  test("refuses a value that it does not know", () => {
    expect(template("imgae.tag=1").stderr).toContain("'imgae' not allowed");
  });

  test("runs the server without rights over its node, on a file system that is read-only", () => {
    const { containers, securityContext } = deployed().template.spec;
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(containers.map((container) => container.securityContext)).toEqual([
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    ]);
  });

  test("[I7] names secrets and holds none; no sign-in link is printed to a log", () => {
    const [container] = deployed("secretKey.existingSecret=keys", "database.existingSecret=db").template.spec
      .containers;
    const from = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
    expect(container?.env).toContainEqual({ name: "TRELLIS_SECRET_KEY", ...from("keys", "secret-key") });
    expect(container?.env).toContainEqual({ name: "DATABASE_URL", ...from("db", "database-url") });
    expect(container?.env).toContainEqual({ name: "TRELLIS_SIGN_IN_LINK", value: "off" });
    expect(container?.env).toContainEqual({ name: "TRELLIS_LOCAL_HOST", value: "off" });
  });

  test("[I8] keeps the data volume when it is uninstalled, and refuses to keep data where a restart loses it", () => {
    const claim = objects().find(({ kind }) => kind === "PersistentVolumeClaim");
    expect(claim?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(template("data.persistent=false").stderr).toContain("would lose the SQLite database");
    const onPostgres = ["data.persistent=false", "database.existingSecret=db"];
    expect(template(...onPostgres).stderr).toContain("would lose the key");
    expect(kinds(...onPostgres, "secretKey.existingSecret=keys")).not.toContain("PersistentVolumeClaim");
  });

  test("opens no way in from outside by itself, and none for an address that no browser can use", () => {
    expect(kinds()).not.toContain("Ingress");
    expect(kinds()).not.toContain("HTTPRoute");
    expect(template("ingress.enabled=true").stderr).toContain("url is http://localhost:3000");
    expect(kinds("ingress.enabled=true", "url=https://trellis.example.com")).toContain("Ingress");
    const gateway = ["gateway.enabled=true", "url=https://trellis.example.com:8443"];
    expect(template(...gateway).stderr).toContain("/gateway/parentRefs");
    const route = objects(...gateway, "gateway.parentRefs[0].name=edge").find(({ kind }) => kind === "HTTPRoute");
    expect(route).toMatchObject({ spec: { hostnames: ["trellis.example.com"] } });
  });

  test("pulls the server's image and those of repo pods with secrets of their own", () => {
    const sets = [
      "imagePullSecrets[0].name=mine",
      "repoPods.imagePullSecrets[0].name=a",
      "repoPods.imagePullSecrets[1].name=b",
    ];
    const { spec } = deployed(...sets).template;
    expect(spec.imagePullSecrets).toEqual([{ name: "mine" }]);
    expect(spec.containers[0]?.env).toContainEqual({ name: "TRELLIS_IMAGE_PULL_SECRETS", value: "a,b" });
    expect(JSON.stringify(deployed())).not.toContain("PULL_SECRETS");
    expect(template("repoPods.imagePullSecrets[0]=a").stderr).toContain("/repoPods/imagePullSecrets/0");
  });

  test("brings what images of others lack from the image that the server runs", () => {
    const [container] = deployed("image.repository=registry.test/trellis", "image.tag=v2").template.spec.containers;
    expect(container).toMatchObject({ image: "registry.test/trellis:v2" });
    expect(container?.env).toContainEqual({ name: "TRELLIS_IMAGE", value: "registry.test/trellis:v2" });
  });

  test("makes repo pods where it is told to, and asks for rights there", () => {
    const all = objects("repoPods.namespace=pods");
    const role = all.find(({ kind }) => kind === "Role");
    expect(role?.metadata["namespace"]).toBe("pods");
    const [container] = deployed("repoPods.namespace=pods").template.spec.containers;
    expect(container?.env).toContainEqual({ name: "TRELLIS_NAMESPACE", value: "pods" });
  });
});
