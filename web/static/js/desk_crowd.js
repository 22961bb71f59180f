// Comments at the desk: each with the decision on it and why, an answer by hand, and filters.

import { keyed, make, say } from "/static/js/keyed.js";
import { knows, word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
let desk = null;
let acts = null;
let filter = "all";

const KINDS = {
  all: () => true,
  waiting: (comment) => decided(comment) === "waiting",
  open: (comment) => !comment.answer && ["skip", "drop", "hand_over"].includes(decided(comment)),
  answered: (comment) => ["answer", "merge"].includes(decided(comment)),
  person: (comment) => decided(comment) === "hand_over" && !comment.answer,
};

/** Show the comments of `message` (wire.Desk). */
export function showComments(message, actions) {
  desk = message;
  acts = actions;
  draw();
}

/** One filter at a time; the choice is this window's own. */
export function bindFilters() {
  at("filters").addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    filter = chosen.dataset.filter;
    for (const button of at("filters").children) button.setAttribute("aria-pressed", String(button === chosen));
    if (desk) draw();
  });
}

function draw() {
  for (const button of at("filters").children) {
    const count = desk.comments.filter(KINDS[button.dataset.filter]).length;
    say(button.lastElementChild, count ? String(count) : "");
  }
  const shown = desk.comments.filter((comment) => KINDS[filter](comment) || at(`reply-${comment.comment}`)?.value);
  keyed(at("comments"), shown, (comment) => comment.comment, makeComment, fillComment);
  at("comments-none").hidden = desk.comments.length > 0;
  at("comments-filtered").hidden = shown.length > 0 || desk.comments.length === 0;
}

const decided = (comment) => comment.decision || "waiting";

function makeComment(comment) {
  const ways = make("p", "comment-ways");
  for (const name of ["answer", "skip"]) {
    const node = Object.assign(make("button", "btn btn-sm", word(`do_${name}`)), { type: "button", name });
    node.addEventListener("click", () => acts.press(name, { comment: comment.comment }));
    ways.append(node);
  }
  const open = Object.assign(make("button", "btn btn-sm", word("do_reply")), { type: "button", name: "reply" });
  const reply = replyForm(comment, open);
  open.addEventListener("click", () => {
    reply.hidden = !reply.hidden;
    if (!reply.hidden) reply.firstElementChild.focus();
  });
  const learn = Object.assign(make("a", "btn btn-sm", word("do_faq")), { target: "_blank", rel: "noopener" });
  ways.append(open, learn);
  return make("li", "comment", make("p", "comment-who", make("b"), make("em", "chip chip-simulated"), make("time")), make("p", "comment-text"),
    make("p", "comment-why", make("span", "chip"), make("span"), make("small")), make("p", "comment-answer"), ways, reply);
}

function replyForm(comment, open) {
  const field = Object.assign(make("input", "form-control form-control-sm"), { maxLength: 500, required: true, id: `reply-${comment.comment}`, placeholder: word("reply_here"), autocomplete: "off" });
  field.setAttribute("aria-label", word("do_reply"));
  const form = make("form", "reply", field, make("button", "btn btn-sm btn-primary", word("reply_send")));
  form.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = await acts.press("reply", { comment: comment.comment, text: field.value.trim() });
    if (done === undefined) return;
    field.value = "";
    form.hidden = true;
    open.focus();
  });
  return form;
}

function fillComment(node, comment) {
  const [who, text, why, answer, ways] = node.children;
  say(who.children[0], comment.name);
  say(who.children[1], word("simulated"));
  who.children[1].hidden = !comment.simulated;
  say(who.children[2], new Date(comment.received_ms).toLocaleTimeString(document.documentElement.lang, { hour12: false }));
  say(text, comment.text);
  const decision = decided(comment);
  node.dataset.decision = decision;
  say(why.children[0], word(`decision_${decision}`));
  say(why.children[1], [known("intent", comment.intent), known("reason", comment.reason)].filter(Boolean).join(" · "));
  say(why.children[2], delays(comment));
  say(answer, comment.answer ?? "");
  answer.hidden = !comment.answer;
  const [answerIt, skipIt, reply, learn] = ways.children;
  answerIt.hidden = !["skip", "hand_over", "drop"].includes(decision);
  skipIt.hidden = decision !== "waiting";
  reply.disabled = desk.state === "ended";
  learn.hidden = !comment.product || ["answer", "waiting"].includes(decision);
  if (comment.product) learn.href = `/catalogue/${encodeURIComponent(comment.product)}?question=${encodeURIComponent(comment.text)}#faq`;
}

function known(family, name) {
  return knows(`${family}_${name}`) ? word(`${family}_${name}`) : name;
}

function delays(comment) {
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  return [
    comment.wait_ms === null ? "" : word("waited", { seconds: seconds(comment.wait_ms) }),
    comment.first_sound_ms === null ? "" : word("first_sound", { seconds: seconds(comment.first_sound_ms) }),
    comment.first_word_ms === null ? "" : word("first_word", { seconds: seconds(comment.first_word_ms) }),
  ].filter(Boolean).join(" · ");
}
