import { readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../../../domain/app-error";
import { quietLog } from "../../testing/link-fixture";
import { ApiProxy } from "../testing/api-proxy";
import { type ClusterGround, describeCluster } from "../testing/cluster";
import { makeAccount, makeToken, writeKubeconfig } from "../testing/kubeconfigs";
import { openCluster } from "./open-cluster";
import { namespaceRights, ruleYaml } from "./rights";

const timings = { answerMs: 60_000, freshCredentialsMs: 0 };
const open = (ground: ClusterGround, kubeconfig: string, namespace = ground.namespace) =>
  openCluster({ kubeconfig, namespace, log: quietLog, timings });

describeCluster("reaching a cluster", (ground) => {
  test("an administrator misses nothing, and is told version, address, storage and nodes", async () => {
    const look = await (await open(ground, ground.kubeconfig)).look();
    const { server } = ground.admin.kubeConfig.getCurrentCluster() ?? {};
    expect(look).toMatchObject({ reachable: true, reason: null, server, missingRights: [] });
    expect(look.version).toMatch(/^v1\.\d+/);
    const facts = Object.fromEntries(look.facts.map(({ name, value }) => [name, value]));
    const classes = await ground.admin.objects.list("storage.k8s.io/v1", "StorageClass");
    for (const { metadata } of classes.items) expect(facts["Storage classes"]).toContain(metadata?.name);
    expect(facts["Nodes"]).toMatch(/^\d+ with (amd64|arm64)/);
  });

  test("a namespace that is not there is told with the command that makes it, at the look and at a call", async () => {
    const cluster = await open(ground, ground.kubeconfig, "trellis-test-never-made");
    expect((await cluster.look()).reason).toBe(
      "there is no namespace trellis-test-never-made: kubectl create namespace trellis-test-never-made",
    );
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "any" } };
    const failure = await cluster.apply(account).catch((error: unknown) => error);
    expect(AppError.is(failure) && `${failure.code}: ${failure.message}`).toMatch(
      /^unavailable: .* has no namespace trellis-test-never-made: kubectl create namespace/,
    );
  });

  test("an account with the rights of the list misses none; what is not needed is told as not known, with its rule", async () => {
    const token = await makeAccount(ground, "whole", namespaceRights);
    const look = await (await open(ground, await writeKubeconfig(ground, "whole", { user: { token } }))).look();
    expect(look).toMatchObject({ reachable: true, reason: null, missingRights: [] });
    const facts = Object.fromEntries(look.facts.map(({ name, value }) => [name, value]));
    expect(facts["Nodes"]).toMatch(/^not known, and not needed; .*resources: \["nodes"\]/s);
    expect(facts["Storage classes"]).toMatch(/^not known, and not needed; .*resources: \["storageclasses"\]/s);
  });

  test("of every right of the list one verb is taken: each is missed, with exactly the rule that gives it back", async () => {
    const lacking = namespaceRights.map((right) => ({ ...right, verbs: right.verbs.slice(0, -1) }));
    const kept = lacking.filter(({ verbs }) => verbs.length > 0);
    const token = await makeAccount(ground, "lacking", kept);
    const cluster = await open(ground, await writeKubeconfig(ground, "lacking", { user: { token } }));
    const look = await cluster.look();
    expect(look.reachable).toBe(true);
    expect(look.reason).toMatch(/rights are missing/);
    const taken = namespaceRights.map(({ verbs, ...right }) => ruleYaml({ ...right, verbs: verbs.slice(-1) }));
    expect(look.missingRights.map(({ rule }) => rule)).toEqual(taken);
    const failure = await cluster.remove("StatefulSet", "any").catch((error: unknown) => error);
    expect(AppError.is(failure) && `${failure.code}: ${failure.message}`).toMatch(
      /^unavailable: .* does not let system:serviceaccount:\S+:lacking delete statefulsets: add the rule\n- apiGroups: \["apps"\]/,
    );
  });

  test("credentials that are wrong, an authority that is not known, and an address of nobody are told apart", async () => {
    const reasonFor = async (entries: Parameters<typeof writeKubeconfig>[2]) => {
      const look = await (await open(ground, await writeKubeconfig(ground, "bad", entries))).look();
      expect(look).toMatchObject({ reachable: false, missingRights: [], facts: [] });
      return look.reason;
    };
    expect(await reasonFor({ user: { token: "garbage" } })).toMatch(
      /turned us away \(401\).* expired or wrong: renew them/,
    );
    expect(await reasonFor({ user: {} })).toMatch(/does not let system:anonymous/);
    const other = { server: ground.admin.kubeConfig.getCurrentCluster()?.server };
    expect(await reasonFor({ cluster: { ...other, "certificate-authority-data": "" } })).toMatch(
      /a certificate of an authority that the kubeconfig .* does not name/,
    );
    expect(await reasonFor({ cluster: { "tls-server-name": "elsewhere.example" } })).toMatch(
      /a certificate for another name/,
    );
    expect(await reasonFor({ cluster: { server: "https://127.0.0.1:1" } })).toMatch(
      /is not there \(connection refused\)/,
    );
    expect(await reasonFor({ cluster: { server: "https://cluster.invalid:6443" } })).toMatch(/\(DNS\)/);
    expect(await reasonFor({ cluster: { server: "not an address" } })).toMatch(/an address that is none/);
  });

  test("an API server that accepts and never answers is told after the time that it had", async () => {
    const proxy = await ApiProxy.open(ground.admin.kubeConfig.getCurrentCluster()?.server ?? "");
    proxy.hold();
    const kubeconfig = await writeKubeconfig(ground, "held", { cluster: { server: proxy.url } });
    const impatient = { ...timings, answerMs: 3_000 };
    const cluster = await openCluster({ kubeconfig, namespace: ground.namespace, log: quietLog, timings: impatient });
    expect((await cluster.look()).reason).toMatch(/did not answer within 3 s/);
    proxy.letGo();
    await expect.poll(() => proxy.connections).toBe(0);
    await proxy.goAway();
  });

  test("[I1] a stranger at the address who answers 404 has not said that anything is gone", async () => {
    const stranger = http.createServer((_, response) => void response.writeHead(404).end("<html>nothing here</html>"));
    await new Promise<void>((resolve) => void stranger.listen(0, "127.0.0.1", resolve));
    const server = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const cluster = { server, "insecure-skip-tls-verify": true, "certificate-authority-data": undefined };
    const kubeconfig = await writeKubeconfig(ground, "stranger", { cluster });
    await expect((await open(ground, kubeconfig)).get("Pod", "any")).rejects.toThrow(
      /answered HTTP 404, and not as an API server does/,
    );
    await new Promise((resolve) => stranger.close(resolve));
  });

  test("a program that gives credentials is asked again when its last were turned away", async () => {
    const good = await makeAccount(ground, "by-program", namespaceRights);
    const tokens = path.join(ground.directory, "program-token");
    const told = path.join(ground.directory, "program-told");
    const script = `printf '%s\n' "$KUBERNETES_EXEC_INFO" >> ${told}
      printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${tokens})"`;
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "/bin/sh", args: ["-c", script] };
    const cluster = await open(ground, await writeKubeconfig(ground, "program", { user: { exec } }));
    await writeFile(tokens, "garbage");
    await expect(cluster.list("Pod", "")).rejects.toThrow(/turned us away/);
    await writeFile(tokens, good);
    expect(await cluster.list("Pod", "")).toEqual([]);
    expect(JSON.parse((await readFile(told, "utf8")).trim().split("\n")[0] ?? "")).toMatchObject({
      kind: "ExecCredential",
      spec: { interactive: false },
    });
    const { options } = await cluster.execTarget();
    expect(options.headers).toMatchObject({ Authorization: `Bearer ${good}` });
  });

  test("a token file is read again when its last token was turned away, and its line end is none of it", async () => {
    const good = await makeAccount(ground, "by-file", namespaceRights);
    await writeFile(path.join(ground.directory, "token"), "garbage\n");
    const kubeconfig = await writeKubeconfig(ground, "file", { user: { tokenFile: "token" } });
    const cluster = await open(ground, kubeconfig);
    await expect(cluster.list("Pod", "")).rejects.toThrow(/turned us away/);
    await writeFile(path.join(ground.directory, "token"), `${good}\n`);
    expect(await cluster.list("Pod", "")).toEqual([]);
    await writeFile(path.join(ground.directory, "token"), `${await makeToken(ground, "by-file")}\n`);
    expect(await cluster.list("Pod", "")).toEqual([]);
  });

  test("a client certificate that has been replaced in its file is used from the next call on", async () => {
    const user = ground.admin.kubeConfig.getCurrentUser();
    const decoded = (data: string | undefined) => Buffer.from(data ?? "", "base64");
    const [cert, key] = ["client.crt", "client.key"];
    await writeFile(path.join(ground.directory, cert), decoded(user?.certData));
    await writeFile(path.join(ground.directory, key), decoded(user?.keyData));
    const entries = { user: { "client-certificate": cert, "client-key": key } };
    const cluster = await open(ground, await writeKubeconfig(ground, "certificate", entries));
    expect(await cluster.list("Pod", "")).toEqual([]);
    await writeFile(path.join(ground.directory, cert), "");
    await expect(cluster.list("Pod", "")).rejects.toThrow();
    await writeFile(path.join(ground.directory, cert), decoded(user?.certData));
    expect(await cluster.list("Pod", "")).toEqual([]);
  });
});
