import { SessionScreen } from "@/components/sessions/session-screen";

/** `/sessions/<id>` is this shell; the browser reads the id from the address. */
export default function SessionPage() {
  return <SessionScreen />;
}
