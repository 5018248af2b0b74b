// Tells the browser the language of the page, brings its top into view when another subject is opened, and on a phone the
// panel of what was picked on the network, which stands below it.
const PHONE = "(max-width: 640px)"; // where Streamlit puts the columns one below the other
const PATIENCE = 10_000; // milliseconds until the panel must be there

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  const before = window.passerelleSeen;
  window.passerelleSeen = data;
  if (before === undefined) return;
  if (before.subject !== data.subject) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
  if (data.picked && before.picked !== data.picked && window.matchMedia(PHONE).matches) reveal(data, Date.now() + PATIENCE);
}

// The panel is drawn after this runs: wait until the run of the page is over, or something else was picked.
function reveal(data, until) {
  if (window.passerelleSeen.picked !== data.picked || Date.now() > until) return;
  const panel = document.querySelector(".st-key-card-picked");
  const still = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  if (panel && still) panel.scrollIntoView({ block: "start" });
  else setTimeout(() => reveal(data, until), 50);
}
