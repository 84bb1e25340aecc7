// What the client can do; each exported function is one test.
import assert from "node:assert/strict";
import { client, graph, world } from "./world.mjs";

const zone = "Europe/Berlin";

function at(day, hour) {
  return { dateTime: `2030-03-${String(day).padStart(2, "0")}T${hour}:00`, timeZone: zone };
}

function event(subject, day = 4, more = {}) {
  return { subject, start: at(day, "09:00"), end: at(day, "10:00"), ...more };
}

const create = (value) => client.api("/me/events").post(value);

async function createMany(count) {
  for (let n = 0; n < count; n++) await create(event(`Event ${n}`, 4 + n));
}

const weekly = {
  pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"] },
  range: { type: "numbered", startDate: "2030-03-04", numberOfOccurrences: 4 },
};

const window = { startDateTime: "2030-03-01T00:00:00Z", endDateTime: "2030-05-01T00:00:00Z" };

async function iterate(page, headers) {
  const found = [];
  const iterator = new graph.PageIterator(
    client,
    page,
    (item) => {
      found.push(item);
      return true;
    },
    { headers },
  );
  await iterator.iterate();
  assert.ok(iterator.isComplete());
  return { found, deltaLink: iterator.getDeltaLink() };
}

const subjects = (events) => events.map((e) => e.subject);

export async function profile_names_the_person() {
  const me = await client.api("/me").select(["displayName", "mail"]).get();
  assert.equal(me.mail, world.email);
}

export async function event_is_created_read_changed_and_deleted() {
  const made = await create(event("Budget", 4, { location: { displayName: "Room 4" } }));
  const path = `/me/events/${made.id}`;
  const read = await client
    .api(path)
    .header("Prefer", `outlook.timezone="${zone}"`)
    .select("subject,start,location")
    .get();
  assert.equal(read.subject, "Budget");
  assert.equal(read.start.dateTime, "2030-03-04T09:00:00.0000000");
  assert.equal(read.location.displayName, "Room 4");
  assert.equal(read.iCalUId, undefined);
  const changed = await client.api(path).update({ subject: "Budget 2" });
  assert.equal(changed.subject, "Budget 2");
  assert.notEqual(changed["@odata.etag"], made["@odata.etag"]);
  await client.api(path).delete();
  await assert.rejects(client.api(path).get(), (error) => {
    assert.ok(error instanceof graph.GraphError);
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ErrorItemNotFound");
    assert.ok(error.requestId);
    return true;
  });
}

export async function stale_etag_is_refused() {
  const made = await create(event("Budget"));
  await client.api(`/me/events/${made.id}`).update({ subject: "Budget 2" });
  const late = client.api(`/me/events/${made.id}`).header("If-Match", made["@odata.etag"]);
  await assert.rejects(late.update({ subject: "Budget 3" }), { statusCode: 412 });
}

export async function series_has_instances_and_one_of_them_changes() {
  const series = await create(event("Stand-up", 4, { recurrence: weekly }));
  const instances = () => client.api(`/me/events/${series.id}/instances`).query(window).get();
  const [first, second] = (await instances()).value;
  await client.api(`/me/events/${second.id}`).update({ subject: "Stand-up with Bob" });
  await client.api(`/me/events/${first.id}`).delete();
  const left = (await instances()).value;
  assert.deepEqual(subjects(left), ["Stand-up with Bob", "Stand-up", "Stand-up"]);
  assert.deepEqual(
    left.map((e) => e.type),
    ["exception", "occurrence", "occurrence"],
  );
  const master = await client
    .api(`/me/events/${series.id}`)
    .select("id,exceptionOccurrences,cancelledOccurrences")
    .expand("exceptionOccurrences")
    .get();
  assert.deepEqual(subjects(master.exceptionOccurrences), ["Stand-up with Bob"]);
  assert.deepEqual(master.cancelledOccurrences, [`OID.${series.id}.2030-03-04`]);
}

export async function page_iterator_sees_every_event_once() {
  await createMany(7);
  const page = await client.api("/me/events").top(3).orderby("start/dateTime").get();
  const { found } = await iterate(page);
  assert.deepEqual(
    subjects(found),
    [...Array(7).keys()].map((n) => `Event ${n}`),
  );
}

export async function page_iterator_carries_its_headers() {
  await createMany(3);
  const headers = { Prefer: `outlook.timezone="${zone}"` };
  const page = await client.api("/me/events").headers(headers).top(1).get();
  const { found } = await iterate(page, headers);
  assert.deepEqual(new Set(found.map((e) => e.start.timeZone)), new Set([zone]));
}

export async function delta_iterator_tells_what_changed_since() {
  await createMany(12);
  const headers = { Prefer: "odata.maxpagesize=5" };
  const begin = client.api("/me/calendarView/delta").query(window).headers(headers);
  const first = await iterate(await begin.get(), headers);
  assert.equal(first.found.length, 12);

  const [gone, changed] = first.found;
  await client.api(`/me/events/${gone.id}`).delete();
  await client.api(`/me/events/${changed.id}`).update({ subject: "Changed" });
  const second = await iterate(await client.api(first.deltaLink).get(), headers);
  const byId = new Map(second.found.map((e) => [e.id, e]));
  assert.deepEqual(new Set(byId.keys()), new Set([gone.id, changed.id]));
  assert.equal(byId.get(gone.id)["@removed"].reason, "deleted");
  assert.equal(byId.get(changed.id).subject, "Changed");

  const third = await iterate(await client.api(second.deltaLink).get(), headers);
  assert.deepEqual(third.found, []);
}

// The client takes what follows the host as the path below the version.
function step(id, method, path, body) {
  const headers = body && { "content-type": "application/json" };
  const sent = body && JSON.stringify(body);
  return { id, request: new Request(world.url + path, { method, headers, body: sent }) };
}

export async function batch_runs_each_step() {
  const made = await create(event("Old"));
  const gone = await create(event("Gone"));
  await client.api(`/me/events/${gone.id}`).delete();
  const steps = [
    step("new", "POST", "/me/events", event("New")),
    step("rename", "PATCH", `/me/events/${made.id}`, { subject: "Renamed" }),
    step("none", "GET", `/me/events/${gone.id}`),
    step("list", "GET", "/me/events?$select=subject"),
  ];
  const content = new graph.BatchRequestContent(steps);
  for (const { id } of steps.slice(1)) content.addDependency(id, "new");
  const answer = new graph.BatchResponseContent(
    await client.api("/$batch").post(await content.getContent()),
  );
  assert.equal(answer.getResponseById("new").status, 201);
  assert.equal((await answer.getResponseById("rename").json()).subject, "Renamed");
  assert.equal(answer.getResponseById("none").status, 404);
  assert.equal((await answer.getResponseById("none").json()).error.code, "ErrorItemNotFound");
  assert.equal((await answer.getResponseById("list").json()).value.length, 2);
}

export async function batch_step_waits_for_the_one_before() {
  const content = new graph.BatchRequestContent([
    step("1", "GET", "/me/events/AAMkNone="),
    step("2", "POST", "/me/events", event("Never")),
  ]);
  content.addDependency("2");
  const answer = new graph.BatchResponseContent(
    await client.api("/$batch").post(await content.getContent()),
  );
  assert.equal(answer.getResponseById("2").status, 424);
  assert.deepEqual((await client.api("/me/events").get()).value, []);
}

export async function meeting_is_cancelled_with_a_comment() {
  const attendees = [{ emailAddress: { address: world.colleague }, type: "required" }];
  const made = await create(event("Workshop", 4, { attendees }));
  await client.api(`/me/events/${made.id}/cancel`).post({ comment: "Another time" });
  await assert.rejects(client.api(`/me/events/${made.id}`).get(), { statusCode: 404 });
}

export async function throttled_request_is_repeated_by_itself() {
  await fetch(`${world.url}/sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ status: 429, retry_after: 1, method: "GET", times: 1 }),
  });
  assert.deepEqual((await client.api("/me/events").get()).value, []);
}

export async function subscription_is_made_notified_renewed_and_removed() {
  const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const made = await client.api("/subscriptions").post({
    changeType: "created,updated,deleted",
    resource: "me/events",
    notificationUrl: world.subscriber,
    clientState: "between us",
    expirationDateTime: inHours(1),
  });
  await create(event("Budget"));
  const path = `/subscriptions/${made.id}`;
  const renewed = await client.api(path).update({ expirationDateTime: inHours(24) });
  assert.ok(renewed.expirationDateTime > made.expirationDateTime);
  const listed = await client.api("/subscriptions").get();
  assert.deepEqual(
    listed.value.map((s) => s.id),
    [made.id],
  );
  await client.api(path).delete();
  await assert.rejects(client.api(path).get(), { statusCode: 404 });
}
