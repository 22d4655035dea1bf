const pattern = /^(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const smaller = { n: 1e-9, u: 1e-6, m: 1e-3 };
const steps = ["k", "M", "G", "T", "P", "E"];

/** What a quantity of Kubernetes ("500m", "2Gi") comes to: cores, or bytes. Null where it is none, or negative. */
export function quantityValue(text: string): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, digits = "", unit = ""] = match;
  return Number(digits) * factorOf(unit);
}

function factorOf(unit: string): number {
  if (unit === "") return 1;
  if (unit in smaller) return smaller[unit as keyof typeof smaller];
  if (/^[eE][-+\d]/.test(unit)) return Number(`1${unit}`);
  const step = steps.indexOf(unit.startsWith("K") ? "k" : (unit[0] ?? "")) + 1;
  return (unit.endsWith("i") ? 1024 : 1000) ** step;
}
