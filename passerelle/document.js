// Tells the browser the language of the page, and brings its top into view when another subject is opened.
export default function ({ data }) {
  document.documentElement.lang = data.lang;
  const before = window.passerelleSubject;
  window.passerelleSubject = data.subject;
  if (before !== undefined && before !== data.subject) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
}
