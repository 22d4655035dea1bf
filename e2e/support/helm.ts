import { execFile, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ofItsOwn } from "./call";
import { eventually } from "./session";

const chart = path.resolve(import.meta.dirname, "../../deploy/chart");
const run = promisify(execFile);

export type Values = Record<string, string>;

/** Why the chart cannot be installed here, in words; null where it can. */
export function whyNoChart(): string | null {
  const { KUBECONFIG, TRELLIS_TEST_TRELLIS_IMAGE, TRELLIS_TEST_WORKSPACE_IMAGE } = process.env;
  if (!KUBECONFIG) return "KUBECONFIG names no cluster";
  if (!TRELLIS_TEST_TRELLIS_IMAGE) return "TRELLIS_TEST_TRELLIS_IMAGE names no image";
  if (!TRELLIS_TEST_WORKSPACE_IMAGE) return "TRELLIS_TEST_WORKSPACE_IMAGE names no image";
  const found = (program: string) => spawnSync("which", [program]).status === 0;
  return found("helm") && found("kubectl") ? null : "helm or kubectl is not on PATH";
}

/** Trellis installed by its chart in a namespace of its own, and spoken to through its Service. */
export class Release {
  #token = "";

  private constructor(
    readonly namespace: string,
    /** The Service's own address: this machine is the cluster's node, and kube-proxy leads from it to the pod. */
    readonly url: string,
    readonly values: Values,
  ) {}

  static async install(): Promise<Release> {
    const address = await freeServiceAddress();
    const values = {
      url: `http://${address}`,
      "service.clusterIP": address,
      ...imageValues(process.env["TRELLIS_TEST_TRELLIS_IMAGE"] ?? ""),
      "repoPods.image": process.env["TRELLIS_TEST_WORKSPACE_IMAGE"] ?? "",
    };
    const release = new Release(`trellis-chart-${randomBytes(4).toString("hex")}`, `http://${address}`, values);
    await release.#helm("install", ["--create-namespace"]);
    const used = process.env["TRELLIS_TEST_USED"];
    if (used) appendFileSync(used, "cluster\nchart\n");
    return release;
  }

  /** Waits until the new server answers. */
  async upgrade(changed: Values): Promise<void> {
    Object.assign(this.values, changed);
    await this.#helm("upgrade", []);
  }

  async uninstall(): Promise<string> {
    const { stdout } = await run("helm", ["uninstall", "trellis", "--namespace", this.namespace, "--wait"]);
    return stdout;
  }

  /** With everything in it, volumes too. */
  async removeNamespace(): Promise<void> {
    await run("kubectl", ["delete", "namespace", this.namespace, "--wait=false"]);
    // These are the cluster's, not the namespace's: left over where the release was not uninstalled.
    const name = `${this.namespace}-trellis-reads`;
    for (const kind of ["clusterrole", "clusterrolebinding"])
      await run("kubectl", ["delete", kind, name, "--ignore-not-found"]);
  }

  async kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run("kubectl", ["--namespace", this.namespace, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  /** As the chart's notes say. */
  async signInLink(): Promise<string> {
    return (await this.#inServer("npm", "run", "--silent", "sign-in")).trim();
  }

  get token(): string {
    return this.#token;
  }

  async readToken(): Promise<void> {
    this.#token = (await this.#inServer("cat", "/data/trellis/token")).trim();
  }

  /** A call of the API with the token of scripts; throws with the server's words on anything but success. */
  async api<T>(method: string, where: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${where}`, {
      method,
      headers: {
        ...ofItsOwn,
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`);
    return text === "" ? (undefined as T) : (JSON.parse(text) as T);
  }

  #inServer(...command: string[]): Promise<string> {
    return this.kubectl("exec", "deployment/trellis", "--", ...command);
  }

  async #helm(verb: "install" | "upgrade", flags: string[]): Promise<void> {
    const sets = Object.entries(this.values).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
    const where = ["--namespace", this.namespace, "--wait", "--timeout", "180s"];
    await run("helm", [verb, "trellis", chart, ...where, ...flags, ...sets]);
    await this.answers();
  }

  /** A pod is told as ready before kube-proxy leads from the Service to it: until then connections are refused. */
  async answers(): Promise<void> {
    const ask = () =>
      fetch(`${this.url}/api/ready`, { headers: ofItsOwn }).then(
        ({ status }) => status,
        (error: unknown) => String(error),
      );
    await eventually(ask, (status) => status === 200);
  }
}

function imageValues(image: string): Values {
  const colon = image.lastIndexOf(":");
  return { "image.repository": image.slice(0, colon), "image.tag": image.slice(colon + 1) };
}

/** Known before the install, as an address of a team's own would be: the server refuses every other name. */
async function freeServiceAddress(): Promise<string> {
  const jsonpath = "jsonpath={.items[*].spec.clusterIP}";
  const { stdout } = await run("kubectl", ["get", "services", "--all-namespaces", "--output", jsonpath]);
  const taken = stdout.split(" ");
  const network = taken
    .find((address) => address.endsWith(".0.1"))
    ?.split(".")
    .slice(0, 2)
    .join(".");
  if (network === undefined) throw new Error(`no service network of 16 bits: ${stdout}`);
  while (true) {
    const address = `${network}.${randomInt(128, 255)}.${randomInt(1, 255)}`;
    if (!taken.includes(address)) return address;
  }
}
