const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const path = new RegExp(`^${part}(?:/${part})*$`);
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const registry = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const tag = /^\w[\w.-]{0,127}$/;
const digest = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** What is wrong with the reference of an image, for the person who wrote it; null when it is well formed. */
export function imageProblem(reference: string): string | null {
  if (reference === "") return "it is empty: leave it out for the image of Trellis";
  if (/\s/.test(reference)) return `"${reference}" has a space in it`;
  if (/^[a-z]+:\/\//i.test(reference)) return `"${reference}" is an address: leave "${reference.split("//")[0]}//" out`;
  const [named = "", ...digests] = reference.split("@");
  if (digests.length > 1 || (digests[0] !== undefined && !digest.test(digests[0])))
    return `"${reference}" ends in no digest: that is "@sha256:" and 64 digits`;
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  if (colon >= 0 && !tag.test(named.slice(colon + 1)))
    return `"${named.slice(colon + 1)}" cannot be the tag of an image`;
  return nameProblem(name);
}

function nameProblem(name: string): string | null {
  if (name.length > 255) return "its name is longer than 255 characters";
  const [first = "", ...rest] = name.split("/");
  const isRegistry = rest.length > 0 && (/[.:[]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  if (isRegistry && !registry.test(first)) return `"${first}" cannot be the address of a registry`;
  const repository = isRegistry ? rest.join("/") : name;
  if (path.test(repository)) return null;
  if (path.test(repository.toLowerCase())) return `"${repository}" must be in lower case`;
  return `"${name}" cannot be the name of an image`;
}
