import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:tls";
import type { KubeConfig } from "@kubernetes/client-node";

/** Stands before an API server and keeps what is asked of it, each as "verb group/resource" of a Role. */
export async function openRightsRecorder(kubeConfig: KubeConfig) {
  const { server: address = "", caData = "" } = kubeConfig.getCurrentCluster() ?? {};
  const target = new URL(address);
  const place = { host: target.hostname, port: Number(target.port || 443), ca: Buffer.from(caData, "base64") };
  const asked = new Set<string>();
  const sockets = new Set<Socket>();
  const note = ({ method = "", url = "" }: http.IncomingMessage, status = 0) => {
    for (const right of rightsOf(method, new URL(url, address), status)) asked.add(right);
  };
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const far = https.request({ ...place, method, path, headers }, (answer) => {
      note(request, answer.statusCode);
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response).on("close", () => answer.destroy());
      answer.on("error", () => response.destroy());
    });
    far.on("error", () => response.destroy());
    request.pipe(far);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, near: Socket, head) => {
    note(request);
    const far = connect(place, () => {
      const { rawHeaders } = request;
      const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []));
      far.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      far.pipe(near);
      near.pipe(far);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    /** Entries of a kubeconfig: the vendor's client takes no plain address without the second, nor a CA beside it. */
    cluster: {
      ...{ server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
      "certificate-authority-data": undefined,
    },
    asked,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** None for what everybody may ask: the version, and what one is allowed. An apply that made an object needs two. */
function rightsOf(method: string, { pathname, searchParams }: URL, status: number): string[] {
  const path = /^\/(?:api|apis\/(?<group>[^/]+))\/v1(?:\/namespaces\/[^/]+(?=\/))?\/(?<resource>[^/]+)(?<rest>.*)$/;
  const { group = "", resource = "", rest = "" } = path.exec(pathname)?.groups ?? {};
  if (resource === "" || group === "authorization.k8s.io") return [];
  const [, name, subresource] = rest.split("/");
  const what = `${group}/${resource}${subresource ? `/${subresource}` : ""}`;
  if (method === "PATCH") return [`patch ${what}`, ...(status === 201 ? [`create ${what}`] : [])];
  const reads = name !== undefined ? "get" : searchParams.get("watch") === "true" ? "watch" : "list";
  const verbs: Record<string, string> = { GET: reads, POST: "create", DELETE: "delete", PUT: "update" };
  return [`${verbs[method] ?? method} ${what}`];
}
