import type { ForgeModel, ModelPull } from "../../testing/forge-model";

/** GitLab tests a new merge request by itself. With each push to either branch it forgets, until REST asks for a test. */
export class MergeTests {
  readonly #tested = new Map<number, { of: string; conflicts: boolean }>();

  constructor(private readonly model: ForgeModel) {}

  testNew(): void {
    for (const pull of this.model.pulls) if (!this.#tested.has(pull.id)) this.test(pull);
  }

  /** Seen by those who ask after it. */
  test(pull: ModelPull): void {
    this.#tested.set(pull.id, { of: this.#wanted(pull), conflicts: this.model.isConflicting(pull) });
  }

  statusOf(pull: ModelPull): string {
    const last = this.#tested.get(pull.id);
    if (last?.of === this.#wanted(pull)) return last.conflicts ? "CANNOT_BE_MERGED" : "CAN_BE_MERGED";
    return last?.conflicts ? "CANNOT_BE_MERGED_RECHECK" : "UNCHECKED";
  }

  #wanted({ head, base }: ModelPull): string {
    return `${head.sha} ${base} ${this.model.branches.get(base)}`;
  }
}
