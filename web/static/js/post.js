// JSON to our own server.

/** POST `body` as JSON; the answer's JSON, or null for 204. Throws an Error with the server's own words. */
export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) location.assign("/login");
  if (!answer.ok) throw new Error(await reasonOf(answer));
  return answer.status === 204 ? null : answer.json();
}

async function reasonOf(answer) {
  const text = await answer.text();
  try {
    const body = JSON.parse(text);
    return typeof body.detail === "string" ? body.detail : text;
  } catch {
    return `${answer.status}`;
  }
}
