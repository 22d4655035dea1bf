/** Runs `write` after each `request`, never two at once; requests that come meanwhile are one more write. */
export class LatestWrite {
  #running: Promise<void> | null = null;
  #again = false;

  constructor(
    private readonly write: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  request(): void {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.write()
      .catch(this.onError)
      .then(() => {
        this.#running = null;
        if (!this.#again) return;
        this.#again = false;
        this.request();
      });
  }

  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }
}
