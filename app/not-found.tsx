import Link from "next/link";
import { Logo } from "@/components/ui/logo";

export default function NotFound() {
  return (
    <main className="h-dvh bg-panel px-5 pt-[12vh]">
      <div className="mx-auto max-w-120">
        <Logo className="mb-6 size-5.5" />
        <h1>There is no such page</h1>
        <p className="mt-2 text-14 text-fg-2">
          The address is not one of Trellis. <Link href="/">Go to the overview</Link>
        </p>
      </div>
    </main>
  );
}
