import { type ReactNode, useState } from "react";

/** The screen's place: files dropped on it are given to the caller. */
export function DropZone({ onFiles, children }: { onFiles: (files: FileList) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  return (
    <section
      className="terminal-screen"
      aria-label="Screen; files dropped here are uploaded"
      data-drop={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      {children}
    </section>
  );
}
