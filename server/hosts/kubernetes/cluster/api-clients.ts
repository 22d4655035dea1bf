import type * as ClientNode from "@kubernetes/client-node";
import type { Kind, ObjectOf } from "./cluster";
import { kinds } from "./kinds";
import type { ApiRequest, Transport } from "./transport";

/** The vendor's API clients over our transport: its own keeps no limits and opens an agent for every request. */
export type ApiClients = {
  objects: ClientNode.KubernetesObjectApi;
  core: ClientNode.CoreV1Api;
  version: ClientNode.VersionApi;
  authorization: ClientNode.AuthorizationV1Api;
  /** JSON to an object of the vendor's types: its times are dates. */
  decode<K extends Kind>(kind: K, json: unknown): ObjectOf<K>;
};

export async function openApiClients(transport: Transport, signal: AbortSignal): Promise<ApiClients> {
  const {
    AuthorizationV1Api,
    CoreV1Api,
    createConfiguration,
    KubernetesObjectApi,
    Observable,
    ResponseContext,
    ServerConfiguration,
    VersionApi,
  } = await import("@kubernetes/client-node");
  // Not among the package's exports, whose version is therefore fixed.
  const { ObjectSerializer } = await import("@kubernetes/client-node/dist/serializer.js");
  const send = async (context: ClientNode.RequestContext) => {
    const { status, headers, text } = await transport.send(requestOf(context), signal);
    const body = {
      text: async () => text,
      binary: async () => Buffer.from(text),
      stream: () => new Response(text).body,
    };
    return new ResponseContext(status, headers, body);
  };
  const configuration = createConfiguration({
    // Of no account: the transport knows the address, which may change while this lives.
    baseServer: new ServerConfiguration("https://kubernetes.invalid", {}),
    httpApi: { send: (context) => new Observable(send(context)) },
  });
  const objects = new KubernetesObjectApi(configuration);
  // It would ask the API server for what we know, and put its own words before ours when that fails.
  Object.assign(objects, { resource: async (_: string, kind: string) => resourceOf(kind) });
  return {
    objects,
    core: new CoreV1Api(configuration),
    version: new VersionApi(configuration),
    authorization: new AuthorizationV1Api(configuration),
    decode: (kind, json) => ObjectSerializer.deserialize(json, typeName(kind)),
  };
}

/** The vendor's types are named after the version and the kind; of two kinds of event this is the older. */
function typeName(kind: Kind): string {
  const version = kinds[kind].apiVersion.split("/").at(-1) ?? "";
  return kind === "Event" ? "CoreV1Event" : `V${version.slice(1)}${kind}`;
}

function resourceOf(kind: string): { name: string; namespaced: boolean } | undefined {
  const [, known] = Object.entries(kinds).find(([name]) => name === kind) ?? [];
  return known && { name: known.resource, namespaced: known.namespaced };
}

function requestOf(context: ClientNode.RequestContext): ApiRequest {
  const { pathname, search } = new URL(context.getUrl());
  const body = context.getBody();
  const request = { method: context.getHttpMethod(), path: pathname + search, headers: context.getHeaders() };
  return body === undefined ? request : { ...request, body: `${body}` };
}
