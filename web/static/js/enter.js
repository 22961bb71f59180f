// The one-time code stands in the fragment, which browsers never send: put it into the form and post it.

const code = decodeURIComponent(location.hash.slice(1));
document.getElementById("enter-hint").hidden = Boolean(code);
if (code) {
  document.getElementById("code").value = code;
  document.getElementById("enter-button").hidden = false;
  history.replaceState(null, "", location.pathname);
  document.getElementById("enter").submit();
}
