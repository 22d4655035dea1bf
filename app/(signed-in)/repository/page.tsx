import { RepositoryScreen } from "@/components/sessions/repository-screen";

/** `/repositories/<id>` is this shell; the browser reads the id from the address. */
export default function RepositoryPage() {
  return <RepositoryScreen />;
}
