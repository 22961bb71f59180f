// The one-time code of the address's fragment becomes a token that this browser keeps (OBS reloads its pages).

const PREFIX = "zhubo.overlay.";

/** The code in the fragment, taken as it stands. */
export function codeOfAddress() {
  return decodeURIComponent(location.hash.slice(1));
}

/** The kept or newly exchanged `{token, room, expires_ms}`. Throws `TokenRefused` when the code is spent or false. */
export async function tokenFor(code) {
  sweep();
  const kept = localStorage.getItem(PREFIX + code);
  if (kept) return JSON.parse(kept);
  const answer = await fetch("/overlay/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`token: ${answer.status}`);
  if (!answer.ok) throw new TokenRefused(`token: ${answer.status}`);
  const token = await answer.json();
  localStorage.setItem(PREFIX + code, JSON.stringify(token));
  return token;
}

/** Forget a token that the server no longer takes. */
export function forget(code) {
  localStorage.removeItem(PREFIX + code);
}

export class TokenRefused extends Error {}

function sweep() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && JSON.parse(localStorage.getItem(key)).expires_ms < Date.now()) localStorage.removeItem(key);
  }
}
