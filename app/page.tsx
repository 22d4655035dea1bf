export default function Page() {
  return <main>Trellis</main>;
}
