// What a tab keeps (drafts, the list one came from, how far one had scrolled) belongs to whoever is signed in there.
import { fact } from "./words";

const me = fact("me");
if (me && sessionStorage.getItem("me") !== me) sessionStorage.clear();
if (me) sessionStorage.setItem("me", me);

document.addEventListener("submit", (event) => {
  if ((event.target as Element).getAttribute("action") === "/sign-out") sessionStorage.clear();
});
