import { Overview } from "@/components/sessions/overview";

export default function OverviewPage() {
  return <Overview />;
}
