"""What is used less often: extensions, attachments, categories, corners of the sign-in side."""

from typing import Any

import httpx
import pytest

from outlook_sandbox.identity.exceptions import TABLE
from outlook_sandbox.subscriptions.delivery import deliver
from sandbox.conftest import ANA
from sandbox.ledger import covers
from sandbox.test_notifications import Listener, wish
from sandbox.world import CLIENT, Person, World, at, attendees, carried, event, redirected

FILE = "#microsoft.graph.fileAttachment"


@pytest.fixture
def listener() -> Any:
    found = Listener()
    yield found
    found.close()


@covers("event.extensions")
def test_extension_is_read_changed_and_deleted(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}/extensions"
    ana.post(path, {"extensionName": "com.x", "colour": "red"}, 201)
    assert ana.get(path + "/com.x")["colour"] == "red"
    full = "Microsoft.OutlookServices.OpenTypeExtension.com.x"
    assert ana.patch(f"{path}/{full}", {"colour": "blue"})["colour"] == "blue"
    ana.delete(path + "/com.x")
    assert ana.error("GET", path + "/com.x") == (404, "ErrorItemNotFound")


@covers("event.attachments", "operations.expand")
def test_attachment_is_listed_read_and_deleted(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    value = {"@odata.type": FILE, "name": "a.txt", "contentBytes": "aGVsbG8="}
    made = ana.post(path + "/attachments", value, 201)
    assert [a["name"] for a in ana.get(path + "/attachments")["value"]] == ["a.txt"]
    assert ana.get(f"{path}/attachments/{made['id']}")["contentBytes"] == "aGVsbG8="
    assert ana.get(path + "?$expand=attachments")["attachments"][0]["name"] == "a.txt"
    ana.delete(f"{path}/attachments/{made['id']}")
    assert ana.get(path)["hasAttachments"] is False


@covers("event.attachments")
@pytest.mark.parametrize("content", [None, 5, {}])
def test_attachment_of_no_text_is_refused(ana: Person, content: Any) -> None:
    path = f"/me/events/{ana.create(event())['id']}/attachments"
    value = {"@odata.type": FILE, "name": "a", "contentBytes": content}
    assert ana.error("POST", path, value) == (400, "RequestBodyRead")


@covers("event.attachments")
def test_attachment_above_3_megabytes_is_refused(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}/attachments"
    value = {"@odata.type": FILE, "name": "a", "contentBytes": "A" * (5 * 1024 * 1024)}
    assert ana.error("POST", path, value) == (413, "RequestEntityTooLarge")


@covers("operations.master-categories", "operations.ErrorItemExists")
def test_category_is_coloured_and_deleted(ana: Person) -> None:
    path = "/me/outlook/masterCategories"
    made = ana.post(path, {"displayName": "Red", "color": "preset0"}, 201)
    assert ana.error("POST", path, {"displayName": "red"}) == (409, "ErrorItemExists")
    one = f"{path}/{made['id']}"
    assert ana.patch(one, {"color": "preset7"})["color"] == "preset7"
    assert ana.get(one)["displayName"] == "Red"
    ana.delete(one)
    assert ana.error("GET", one) == (404, "ErrorItemNotFound")


@covers("operations.schedule-days")
def test_schedule_of_more_than_62_days_is_too_much(ana: Person) -> None:
    asked = {
        "schedules": [ANA],
        "startTime": at("2026-12-01T00:00"),
        "endTime": at("2027-02-03T00:00"),
    }
    refused = ana.error("POST", "/me/calendar/getSchedule", asked)
    assert refused == (400, "ErrorTimeIntervalTooBig")


@covers("event.directory")
def test_colleague_is_written_as_the_directory_does(world: World, ana: Person) -> None:
    world.account("Bo@Contoso.com", name="Bo Berg")
    people = attendees("bo@contoso.com", "out@example.org")
    named = ana.create(event(attendees=people))["attendees"]
    assert [a["emailAddress"] for a in named] == [
        {"name": "Bo Berg", "address": "Bo@Contoso.com"},
        {"name": "out@example.org", "address": "out@example.org"},
    ]


@covers("notifications.reauthorize", "notifications.lifecycle")
def test_reauthorization_is_asked_for_and_given(
    world: World, ana: Person, listener: Listener
) -> None:
    value = wish(world, listener.url, 200, lifecycleNotificationUrl=listener.url)
    made = ana.post("/subscriptions", value, 201)
    world.advance(80 * 60)
    deliver(world.sandbox)
    deliver(world.sandbox)
    assert [v["lifecycleEvent"] for v in listener.values] == ["reauthorizationRequired"]
    fresh = world.sign_in(ANA)
    fresh.post(f"/subscriptions/{made['id']}/reauthorize", status=200)
    deliver(world.sandbox)
    assert len(listener.values) == 1
    world.advance(121 * 60)
    deliver(world.sandbox)
    assert listener.values[-1]["lifecycleEvent"] == "subscriptionRemoved"


@covers("identity.hybrid")
def test_hybrid_flow_needs_a_nonce_and_gives_an_id_token(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    url = "/common/oauth2/v2.0/authorize"
    query = world.authorize_parameters(response_type="code id_token")
    assert redirected(browser.get(url, params=query))["error"] == "invalid_request"
    page = browser.get(url, params=query | {"nonce": "n"})
    consent = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    form = {"request": carried(consent), "account": ANA, "decision": "accept"}
    answer = redirected(browser.post("/common/consent", data=form))
    assert answer["id_token"].count(".") == 2
    assert world.redeem(answer["code"]).status_code == 200


@covers("identity.userinfo", "identity.instance")
def test_userinfo_and_instance_discovery(world: World, ana: Person) -> None:
    headers = {"Authorization": f"Bearer {ana.token}"}
    assert world.http.get("/oidc/userinfo", headers=headers).json()["email"] == ANA
    assert world.http.get("/oidc/userinfo").status_code == 401
    asked = {"authorization_endpoint": "https://x/contoso.com/oauth2/v2.0/authorize"}
    found = world.http.get("/common/discovery/instance", params=asked).json()
    assert "/contoso.com/v2.0/.well-known" in found["tenant_discovery_endpoint"]


@pytest.mark.parametrize("number", sorted(TABLE))
@covers("identity.error_page", "identity.table")
def test_every_number_of_the_table_can_be_made_to_happen(world: World, number: int) -> None:
    ana = world.person(ANA)
    fault = {"kind": "token_error", "email": ANA, "aadsts": number}
    world.control("POST", "/faults", fault)
    found = world.refresh(ana.refresh_token)
    assert found.status_code == TABLE[number].status
    assert found.json()["error_codes"] == [number]
    assert found.json()["error"] == TABLE[number].error
    page = world.http.get("/error", params={"code": number})
    assert f"AADSTS{number}" in page.text


def sign_in_with(world: World, number: int) -> httpx.Response:
    world.account(ANA)
    world.control("POST", "/faults", {"kind": "token_error", "email": ANA, "aadsts": number})
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    return browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})


@pytest.mark.parametrize("number", [50105, 53000, 53001, 53002, 53003, 530031, 530032])
@covers("identity.at-sign-in")
def test_faults_of_a_person_come_back_from_the_sign_in(world: World, number: int) -> None:
    answer = redirected(sign_in_with(world, number))
    assert answer["error"] == TABLE[number].error
    assert answer["error_description"].startswith(f"AADSTS{number}: ")


@pytest.mark.parametrize("number", [50020, 50034, 90072, 90094, 90095])
@covers("identity.at-sign-in")
def test_other_faults_of_a_person_are_a_page(world: World, number: int) -> None:
    page = sign_in_with(world, number)
    assert "location" not in page.headers
    assert f"AADSTS{number}" in page.text


@covers("identity.tenant")
def test_browser_shows_a_page_for_an_account_of_another_tenant(world: World) -> None:
    world.account(ANA)
    world.account("x@fabrikam.com")
    query = world.authorize_parameters()
    browser = world.browser()
    page = browser.get("/fabrikam.com/oauth2/v2.0/authorize", params=query)
    assert ANA not in page.text
    form = {"request": carried(page), "account": ANA}
    answer = browser.post("/fabrikam.com/sign-in", data=form)
    assert "AADSTS50020" in answer.text


@covers("identity.refresh-client")
def test_secret_of_the_wrong_application(world: World) -> None:
    world.account(ANA)
    world.control("POST", "/apps", {"client_id": "b", "client_secret": "b", "redirect_uris": []})
    answer = world.redeem(world.code(ANA), client_id="b", client_secret="b")
    assert answer.json()["error_codes"] == [70000]
    assert CLIENT["client_id"] != "b"
