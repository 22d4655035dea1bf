"use client";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

const groups = [
  {
    name: "Everywhere",
    keys: [
      ["Ctrl Shift K", "Search or run, in terminals too"],
      ["Ctrl K", "Search or run, outside terminals"],
      ["Esc", "Close a dialog; it never ends or discards"],
    ],
  },
  {
    name: "Outside fields and terminals",
    keys: [
      ["N", "New Session"],
      ["/", "Filter the list"],
      ["?", "This list"],
      ["G O", "Overview"],
      ["G R", "Repository"],
      ["G P", "Pull requests, of a session or repository"],
      ["G S", "Settings"],
      ["J K", "Move in a list, Enter opens"],
      ["← →", "Fold and unfold in the tree of pull requests"],
      ["Alt 1…9", "Terminal tab"],
    ],
  },
  {
    name: "In a terminal",
    keys: [
      ["Ctrl Shift F", "Search"],
      ["Ctrl Shift C", "Copy"],
      ["Ctrl Shift V", "Paste"],
      ["Ctrl Shift .", "Leave it: the focus goes to its tab"],
    ],
  },
] as const;

/** The list of keys. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      onClose={onClose}
      title="Keys"
      description="In a terminal every other key belongs to the program. On a Mac ⌘ stands for Ctrl outside terminals."
    >
      {groups.map(({ name, keys }) => (
        <section key={name} className="mt-3 first:mt-0">
          <h3 className="mb-1 text-12 font-medium text-fg-3">{name}</h3>
          <dl className="grid grid-cols-[130px_minmax(0,1fr)] gap-x-4 gap-y-1.5">
            {keys.map(([key, does]) => (
              <div key={key} className="contents">
                <dt>
                  <Kbd keys={key} />
                </dt>
                <dd className="text-fg-2">{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
