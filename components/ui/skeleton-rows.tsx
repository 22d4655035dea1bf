"use client";
import { useEffect, useState } from "react";

/** Rows of the right height while something loads: nothing for 150 ms, then still ones. */
export function SkeletonRows({ rows = 3, label }: { rows?: number; label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} style={{ minHeight: rows * 52 }}>
      {late && (
        <ul aria-hidden className="overflow-hidden rounded-3 border border-line bg-raised">
          {Array.from({ length: rows }, (_, row) => `row-${row}`).map((row) => (
            <li
              key={row}
              className="flex h-13 flex-col justify-center gap-2 border-t border-line-faint px-3.5 first:border-t-0"
            >
              <span className="h-2.5 w-2/5 rounded-1 bg-active" />
              <span className="h-2 w-3/5 rounded-1 bg-hover" />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
