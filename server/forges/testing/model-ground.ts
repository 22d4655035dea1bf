import type { ContractForge } from "./contract-forge";
import type { ForgeModel } from "./forge-model";

/** What others do at a forge that is stood in for. */
export function modelGround(model: ForgeModel): Omit<ContractForge, "client" | "hasWordIds"> {
  return {
    ...{ path: model.path, owner: model.owner, reviewer: model.reviewer, many: { checks: 500, comments: 300 } },
    push: async (branch) => model.push(branch),
    pushConflicting: async (branch) => model.pushConflicting(branch),
    setCheck: async (sha, name, state) => void model.setCheck(sha, name, { state }),
    review: async (number, word, comments = []) => model.review(number, word, { body: "Word.", comments }),
    close: async (number) => {
      const pull = model.find(number);
      pull.state = "closed";
      model.touch(pull);
    },
    openFromGoneFork: async () => {
      const wanted = { title: "From afar", body: "", draft: false, base: "main", head: "gone", by: "eve" };
      const pull = model.open({ ...wanted, from: "eve/app" });
      pull.head.repository = null;
      return pull.number;
    },
  };
}
