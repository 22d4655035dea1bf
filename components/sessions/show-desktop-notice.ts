import { desktopNotices } from "@/components/live/desktop-notices";
import type { NotificationView } from "@/server/protocol/api";

/** By the browser, only where it was asked for and while nobody looks at the page. One tag each: two tabs tell it once. */
export function showDesktopNotice({ id, title, body }: NotificationView, onOpen: () => void): void {
  if (document.visibilityState !== "hidden" || desktopNotices() !== "on") return;
  try {
    const notice = new Notification(title, { body, tag: id });
    notice.onclick = () => {
      window.focus();
      notice.close();
      onOpen();
    };
  } catch {
    // A phone's browser shows them only for installed pages: the toast and the bell have the message as well.
  }
}
