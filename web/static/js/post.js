// JSON to our own server.

/** The server's no: its own words, and for a wrong field which one and what was found in it. */
export class Refused extends Error {
  constructor(status, { detail = "", field = "", found = "" }) {
    super(typeof detail === "string" && detail ? detail : String(status));
    Object.assign(this, { status, field, found });
  }
}

/** POST `body` as JSON; the answer's JSON, or null for 204. Throws `Refused`. */
export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) location.assign("/login");
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
  return answer.status === 204 ? null : answer.json();
}
