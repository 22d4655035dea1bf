const quota = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/s;
const missing = /failed quota: ([^:]+): must specify (.+)$/s;

/** Why the cluster does not let a pod be made: `message` is what its API server answered to the StatefulSet. */
export function refusalWords(message: string): string {
  const refused = message.replace(/^create Pod .+? failed error: /s, "").trim();
  const exceeded = quota.exec(refused);
  if (exceeded) return quotaWords(exceeded);
  const unset = missing.exec(refused);
  if (unset)
    return `The quota "${unset[1]}" of the namespace wants every pod to say its ${unset[2]}: set it in the repository's resources`;
  const why = refused.replace(/^(pods|Pod) "[^"]+" is (forbidden|invalid): /, "");
  if (/^violates PodSecurity/.test(why)) return `The namespace does not allow this pod: it ${why}`;
  if (/usage per (Container|Pod) is/.test(why))
    return `The namespace's LimitRange does not allow this pod: ${why.replace(/^\[|\]$/g, "")}`;
  return `The cluster refuses the pod: ${refused}`;
}

/** "requests.memory=8Gi,pods=1" for each of what is asked, what is used, and what there is. */
function quotaWords([, name, ...lists]: RegExpExecArray): string {
  const [asked, used, limit] = lists.map(
    (list = "") => new Map(list.split(",").map((entry) => [before(entry), entry.slice(entry.indexOf("=") + 1).trim()])),
  );
  const words = [...(asked ?? [])].map(
    ([resource, amount]) =>
      `${resource}: the pod asks for ${amount}, ${used?.get(resource) ?? "some"} of ${limit?.get(resource) ?? "what there is"} are used`,
  );
  return `The quota "${name}" of the namespace is used up. ${words.join("; ")}`;
}

const before = (entry: string) => entry.slice(0, entry.indexOf("=")).trim();
