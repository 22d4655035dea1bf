import { SignIn } from "@/components/sessions/sign-in";

export default function SignInPage() {
  return <SignIn />;
}
