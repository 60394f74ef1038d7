"""The loopback Slack is as strict as the real one: each refusal is really refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.servers.slack import Channel, Message, Person, SlackServer, Workspace

Json = dict[str, Any]


@dataclass
class Cast:
    """Bazaar: Ayesha and Bilal in #sales, with Rabta; a clock that stands still."""

    slack: SlackServer
    team: Workspace
    ayesha: Person
    bilal: Person
    sales: Channel
    elsewhere: Channel
    secret: Channel

    def ask(self, method: str, *, token: str | None = None, **args: object) -> Json:
        """One call by the real client; the answer or the refusal."""

        async def call() -> Json:
            given = self.team.bot_token if token is None else token
            client = AsyncWebClient(token=given or None, base_url=self.slack.api_url)
            try:
                answer = await client.api_call(method, json=args)
            except SlackApiError as error:
                answer = error.response
            assert isinstance(answer.data, dict)
            return answer.data

        return asyncio.run(call())

    def post(self, **args: object) -> Json:
        usual: Json = {"channel": self.sales.id, "text": "hi"}
        return self.ask("chat.postMessage", **usual | args)


@pytest.fixture
def clock() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def cast(clock: list[float]) -> Iterator[Cast]:
    with SlackServer(clock=lambda: clock[0], ack_seconds=0.3, haste=100) as slack:
        team = slack.team()
        ayesha, bilal = team.user("U1", "Ayesha"), team.user("U2", "Bilal Traders")
        sales = team.channel("sales", [ayesha, bilal])
        elsewhere = team.channel("elsewhere", [ayesha], bot_in=False)
        secret = team.channel("secret", [ayesha], bot_in=False, private=True)
        yield Cast(slack, team, ayesha, bilal, sales, elsewhere, secret)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str = "Undo", **more: object) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(text: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def rich(element: Json) -> Json:
    return {"type": "rich_text", "elements": [element]}


def rich_section(text: str) -> Json:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}


def entry(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("Name"), "element": element, **more}


def modal(*blocks: Json, **more: object) -> Json:
    usual = {"type": "modal", "title": plain("Edit"), "submit": plain("Save")}
    return {**usual, "blocks": list(blocks) or [entry({"type": "plain_text_input"})], **more}


# Tokens


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("chat.postMessage", "xapp-1-A0RABTA-1-loopback", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-T0BAZAAR-loopback", "not_allowed_token_type"),
        ("apps.connections.open", "xapp-wrong", "invalid_auth"),
        ("chat.nonsense", None, "unknown_method"),
    ],
)
def test_a_wrong_token_opens_nothing(cast: Cast, method: str, token: str, error: str) -> None:
    assert cast.ask(method, token=token)["error"] == error


def test_a_scope_that_was_not_granted_is_named(cast: Cast) -> None:
    cast.team.scopes = {"chat:write", "im:history"}
    refused = cast.ask("users.list")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "users:read")
    history = cast.ask("conversations.history", channel=cast.sales.id)
    assert (history["error"], history["needed"]) == ("missing_scope", "channels:history")
    assert cast.post()["ok"]


def test_an_uninstalled_app_is_shut_out(cast: Cast) -> None:
    cast.team.uninstalls()
    assert cast.post()["error"] == "token_revoked"


# Messages


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "   "}, "no_text"),
        ({"channel": "C404"}, "channel_not_found"),
        ({"channel": ""}, "invalid_arguments"),
        ({"thread_ts": "1.000001"}, "thread_not_found"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"metadata": {"event_type": "x", "event_payload": {"k": {}}}}, "invalid_metadata_schema"),
        (
            {"metadata": {"event_type": "x", "event_payload": {"k": "v" * 9000}}},
            "metadata_too_large",
        ),
        ({"blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
    ],
)
def test_a_message_that_slack_would_refuse(cast: Cast, args: Json, error: str) -> None:
    assert cast.post(**args)["error"] == error
    assert cast.sales.messages == []


OPTION = {"text": plain("Won"), "value": "won"}
SELECT = {"type": "static_select", "placeholder": plain("Stage"), "options": [OPTION]}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x" * 3001)], "must be less than 3001 characters"),
        ([{"type": "section"}], "either text or fields"),
        ([{"type": "section", "text": "bare"}], "must provide an object"),
        ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items"),
        ([{"type": "section", "fields": [plain("x" * 2001)]}], "less than 2001"),
        ([section("x", accessory={"type": "plain_text_input"})], "unsupported type"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
        ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
        ([{"type": "header"}], "missing required field: text"),
        ([{"type": "paragraph"}], "unsupported type: paragraph"),
        ([{"text": plain("x")}], "missing required field: type"),
        ([{"type": "divider", "colour": "red"}], "invalid additional property: colour"),
        ([{"type": "divider", "block_id": "x" * 256}], "less than 256"),
        ([{"type": "divider", "block_id": "x"}] * 2, "`block_id` x already exists"),
        ([actions()], "no less than 1 items"),
        ([actions(*[button()] * 26)], "no more than 25 items"),
        ([actions(button("x" * 76))], "less than 76"),
        ([actions(button(action_id="x" * 256))], "less than 256"),
        ([actions(button(action_id="a"), button(action_id="a"))], "`action_id` a already exists"),
        ([actions(button(value="x" * 2001))], "less than 2001"),
        ([actions(button(style="loud"))], "must be one of primary, danger"),
        ([actions(button(url="x" * 3001))], "less than 3001"),
        ([actions({"type": "button", "text": "Undo"})], "must provide an object"),
        ([actions({"type": "button", "text": {"type": "mrkdwn", "text": "x"}})], "mrkdwn"),
        ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
        ([actions(SELECT | {"options": []})], "no less than 1 items"),
        ([actions(SELECT | {"options": [OPTION | {"value": "x" * 151}]})], "less than 151"),
        ([actions(SELECT | {"options": [OPTION, OPTION]})], "already exists"),
        ([actions(SELECT | {"initial_option": OPTION | {"value": "x"}})], "does not match"),
        ([actions({"type": "static_select"})], "exactly one of options"),
        ([actions({"type": "overflow", "options": [OPTION] * 6})], "no more than 5"),
        ([actions({"type": "datepicker", "initial_date": "5 April"})], "must match the pattern"),
        ([actions({"type": "checkboxes", "options": [OPTION] * 11})], "no more than 10"),
        ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10"),
        ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
        ([{"type": "markdown", "text": "x" * 12_001}], "less than 12001"),
        ([{"type": "image", "image_url": "http://x"}], "missing required field: alt_text"),
        ([entry(button())], "unsupported type: button"),
        ([entry({"type": "number_input"})], "missing required field: is_decimal_allowed"),
        (["text"], "must provide an object"),
        ([rich({"type": "rich_text_section", "elements": []})], "no less than 1 items"),
        ([rich(rich_section(""))], "must be more than 0 characters"),
        ([rich({"type": "paragraph", "elements": []})], "unsupported type: paragraph"),
        ([rich({"type": "rich_text_list", "elements": [rich_section("x")]})], "field: style"),
    ],
)
def test_blocks_that_slack_would_refuse(cast: Cast, blocks: list[Json], said: str) -> None:
    refused = cast.post(blocks=blocks)
    assert refused["error"] == "invalid_blocks"
    assert said in " ".join(refused["response_metadata"]["messages"])


def test_blocks_at_their_limits_pass(cast: Cast) -> None:
    blocks = [section("x" * 3000), {"type": "header", "text": plain("x" * 150)}]
    blocks += [actions(*[button("x" * 75, value="x" * 2000)] * 25), {"type": "divider"}]
    assert cast.post(blocks=blocks)["ok"]
    assert len(cast.sales.answers[0].buttons) == 25


def test_a_very_long_text_is_cut_with_a_warning(cast: Cast) -> None:
    answer = cast.post(text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(cast.sales.answers[0].text) == 40_000


def test_where_the_app_may_write(cast: Cast) -> None:
    assert cast.post(channel=cast.elsewhere.id)["error"] == "not_in_channel"
    assert cast.post(channel=cast.secret.id)["error"] == "channel_not_found"
    cast.sales.archived = True
    assert cast.post()["error"] == "is_archived"
    assert cast.post(channel=cast.ayesha.id)["channel"] == cast.team.dm(cast.ayesha).id


def test_update_and_delete(cast: Cast) -> None:
    ts, said = cast.post(blocks=[section("one")])["ts"], cast.ayesha.says(cast.sales, "mine")
    place = {"channel": cast.sales.id, "ts": ts}
    foreign = {"channel": cast.sales.id, "ts": said.ts}
    assert cast.ask("chat.update", **place, text="x" * 4001)["error"] == "msg_too_long"
    assert cast.ask("chat.update", **place, text="")["error"] == "no_text"
    assert cast.ask("chat.update", **foreign, text="x")["error"] == "cant_update_message"
    assert cast.ask("chat.delete", **foreign)["error"] == "cant_delete_message"
    unknown = {"channel": cast.sales.id, "ts": "1.000001"}
    assert cast.ask("chat.update", **unknown, text="x")["error"] == "message_not_found"
    assert cast.ask("chat.delete", **unknown)["error"] == "message_not_found"
    assert cast.ask("chat.update", **place, text="two")["ok"]
    answer = cast.sales.answers[0]
    assert answer.text_shown == "one", "blocks that are not mentioned stay"
    assert cast.ask("chat.update", **place, text="two", blocks=[])["ok"]
    assert (answer.text_shown, answer.versions) == ("two", ["one", "one"])
    assert cast.ask("chat.delete", **place)["ok"]
    assert cast.sales.messages == [said]


def test_ephemeral_messages_are_for_one_and_cannot_be_updated(cast: Cast) -> None:
    outsider = cast.team.user("U3", "Usman")
    place = {"channel": cast.sales.id, "text": "psst"}
    refused = cast.ask("chat.postEphemeral", **place, user=outsider.id)
    assert refused["error"] == "user_not_in_channel"
    ts = cast.ask("chat.postEphemeral", **place, user=cast.ayesha.id)["message_ts"]
    assert cast.sales.answers[0].ephemeral_to is cast.ayesha
    refused = cast.ask("chat.update", channel=cast.sales.id, ts=ts, text="x")
    assert refused["error"] == "message_not_found"
    assert cast.ask("conversations.history", channel=cast.sales.id)["messages"] == []


def test_history_gives_metadata_back(cast: Cast) -> None:
    metadata = {"event_type": "rabta", "event_payload": {"id": "o7"}}
    root = cast.post(metadata=metadata)["ts"]
    cast.post(thread_ts=root, text="reply")
    whole = cast.ask("conversations.history", channel=cast.sales.id, include_all_metadata=True)
    assert [m.get("metadata") for m in whole["messages"]] == [metadata]
    assert whole["messages"][0]["reply_count"] == 1
    bare = cast.ask("conversations.history", channel=cast.sales.id)
    assert "metadata" not in bare["messages"][0]
    replies = cast.ask("conversations.replies", channel=cast.sales.id, ts=root)
    assert [m["text"] for m in replies["messages"]] == ["hi", "reply"]
    assert cast.ask("conversations.replies", channel=cast.sales.id, ts="1.1")["error"]


def test_history_comes_in_pages(cast: Cast) -> None:
    for n in range(3):
        cast.post(text=f"{n}")
    first = cast.ask("conversations.history", channel=cast.sales.id, limit=2)
    assert ([m["text"] for m in first["messages"]], first["has_more"]) == (["2", "1"], True)
    cursor = first["response_metadata"]["next_cursor"]
    rest = cast.ask("conversations.history", channel=cast.sales.id, limit=2, cursor=cursor)
    assert ([m["text"] for m in rest["messages"]], rest["has_more"]) == (["0"], False)
    refused = cast.ask("conversations.history", channel=cast.elsewhere.id)
    assert refused["error"] == "not_in_channel"


# What a text does to people


@pytest.mark.parametrize(
    ("text", "shown", "pings"),
    [
        ("hi <!channel>", "hi @channel", ["channel"]),
        ("hi <!here|all>", "hi all", ["here"]),
        ("<@U1> and <!subteam^S1>", "@Ayesha and @subteam^S1", ["U1", "subteam^S1"]),
        ("hi &lt;!channel&gt;", "hi <!channel>", []),
        ("&amp;lt;!here&amp;gt;", "&lt;!here&gt;", []),
        ("@channel", "@channel", []),
        ("a < b > c", "a < b > c", []),
        ("<b>bold</b>", "<b>bold</b>", []),
    ],
)
def test_pings_are_told_from_escaped_text(
    cast: Cast, text: str, shown: str, pings: list[str]
) -> None:
    cast.post(text=text)
    answer = cast.sales.answers[0]
    assert (answer.text_shown, answer.pings) == (shown, pings)


def test_pings_and_links_in_blocks(cast: Cast) -> None:
    fallback = "<!everyone>"
    blocks = [section("<http://evil.pk|bank.pk>"), {"type": "header", "text": plain("<!here>")}]
    cast.post(text=fallback, blocks=blocks)
    answer = cast.sales.answers[0]
    assert answer.text_shown == "bank.pk\n<!here>"
    assert answer.pings == ["everyone"]
    assert answer.links == [("http://evil.pk", "bank.pk")]


@pytest.mark.parametrize("more", [{"link_names": True}, {"parse": "full"}])
def test_linked_names_ping_without_brackets(cast: Cast, more: Json) -> None:
    cast.post(text="@channel", **more)
    assert cast.sales.answers[0].pings == ["channel"]


def test_unverbatim_blocks_link_and_ping_by_themselves(cast: Cast) -> None:
    cast.post(blocks=[section("@here http://x.pk")])
    assert cast.sales.answers[0].pings == ["here"]
    assert cast.sales.answers[0].links == [("http://x.pk", "http://x.pk")]
    verbatim = {"type": "mrkdwn", "text": "@here http://x.pk", "verbatim": True}
    cast.post(blocks=[{"type": "section", "text": verbatim}])
    assert (cast.sales.answers[1].pings, cast.sales.answers[1].links) == ([], [])


def test_typed_text_is_sent_as_slack_sends_it(cast: Cast) -> None:
    said = cast.ayesha.says(cast.sales, "@Rabta a < b & @BilalTraders @here #sales bilal.pk a@b.pk")
    assert said.text == (
        f"<@{cast.team.bot.id}> a &lt; b &amp; <@U2> <!here> <#{cast.sales.id}|sales>"
        " <http://bilal.pk|bilal.pk> <mailto:a@b.pk|a@b.pk>"
    )
    assert said.text_shown == "@Rabta a < b & @Bilal Traders @here #sales bilal.pk a@b.pk"


def test_rich_text_has_no_markup_but_elements_of_its_own(cast: Cast) -> None:
    loud = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
    listed: Json = {"type": "rich_text_list", "style": "ordered", "offset": 1}
    listed["elements"] = [rich_section("<!channel>"), rich_section("<http://x.pk|y>")]
    cast.post(blocks=[rich(listed), rich(loud)])
    answer = cast.sales.answers[0]
    assert answer.text_shown == "2. <!channel>\n3. <http://x.pk|y>\n@here"
    assert (answer.pings, answer.links) == (["here"], [])


# People


def test_who_somebody_is(cast: Cast) -> None:
    cast.team.user("U4", "Gul", guest=True, tz="Asia/Kabul", locale="ur-PK")
    cast.team.user("U5", "Omar", stranger=True)

    async def ask() -> list[Json]:
        client = AsyncWebClient(token=cast.team.bot_token, base_url=cast.slack.api_url)
        asked = [await client.users_info(user=u, include_locale=True) for u in ("U1", "U4", "U5")]
        members = (await client.users_list())["members"]
        assert "U5" not in [member["id"] for member in members]
        return [one["user"] for one in asked]

    ayesha, gul, omar = asyncio.run(ask())
    assert (ayesha["is_restricted"], ayesha["real_name"]) == (False, "Ayesha")
    assert (gul["is_restricted"], gul["tz"], gul["locale"]) == (True, "Asia/Kabul", "ur-PK")
    assert omar["is_stranger"]
    assert omar["team_id"] != cast.team.id
    assert "is_restricted" not in omar


def test_reading_methods_take_no_json(cast: Cast) -> None:
    assert cast.ask("users.info", user="U1")["error"] == "invalid_arguments"


def test_opening_a_direct_conversation(cast: Cast) -> None:
    opened = cast.ask("conversations.open", users="U1")
    assert cast.ask("conversations.open", users="U1")["already_open"]
    assert opened["channel"]["id"] == cast.team.dm(cast.ayesha).id
    assert cast.ask("conversations.open", users="U404")["error"] == "user_not_found"
    assert cast.ask("conversations.open", users=cast.team.bot.id)["error"] == "cannot_dm_bot"
    about = cast.ask("conversations.info", channel=opened["channel"]["id"])["channel"]
    assert (about["is_im"], about["user"]) == (True, "U1")
    assert cast.ask("conversations.info", channel=cast.secret.id)["error"] == "channel_not_found"


def test_small_things(cast: Cast) -> None:
    said = cast.ayesha.says(cast.sales, "won")
    place = {"channel": cast.sales.id, "timestamp": said.ts}
    assert cast.ask("reactions.add", **place, name="tada")["ok"]
    assert cast.ask("reactions.add", **place, name="tada")["error"] == "already_reacted"
    assert cast.ask("reactions.add", **place, name="!")["error"] == "invalid_name"
    assert cast.ask("auth.test")["bot_id"] == cast.team.bot.bot_id
    assert cast.ask("team.info")["team"]["name"] == "Bazaar"
    assert cast.ask("bots.info")["bot"]["app_id"] == "A0RABTA"


# Modals


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(close=plain("x" * 25)), "less than 25"),
        (modal(submit=None), "a `submit` is required"),
        (modal(*[section("x")] * 101), "no more than 100 items"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(title={"type": "mrkdwn", "text": "x"}), "unsupported type: mrkdwn"),
        (modal(type="home"), "invalid additional property: title"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
        (modal(entry({"type": "plain_text_input", "max_length": 3001})), "from 1 to 3000"),
        (
            modal(entry({"type": "plain_text_input", "min_length": 9, "max_length": 8})),
            "max_length",
        ),
        (modal(entry({"type": "plain_text_input", "initial_value": "x" * 3001})), "less than 3001"),
        (
            modal(entry({"type": "plain_text_input"}, block_id="a"), section("x", block_id="a")),
            "already",
        ),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
    ],
)
def test_modals_that_slack_would_refuse(cast: Cast, view: Json, said: str) -> None:
    refused = cast.ask("views.open", trigger_id=cast.ayesha.trigger(), view=view)
    assert refused["error"] == "invalid_arguments"
    assert said in " ".join(refused["response_metadata"]["messages"])
    assert cast.ayesha.modal is None


def test_a_trigger_serves_once_and_for_three_seconds(cast: Cast, clock: list[float]) -> None:
    trigger = cast.ayesha.trigger()
    assert cast.ask("views.open", trigger_id=trigger, view=modal())["ok"]
    again = cast.ask("views.open", trigger_id=trigger, view=modal())
    assert again["error"] == "exchanged_trigger_id"
    late = cast.ayesha.trigger()
    clock[0] += 3.1
    assert cast.ask("views.open", trigger_id=late, view=modal())["error"] == "expired_trigger_id"
    assert cast.ask("views.open", trigger_id="x", view=modal())["error"] == "invalid_trigger_id"


def test_updating_pushing_and_publishing_views(cast: Cast) -> None:
    opened = cast.ask("views.open", trigger_id=cast.ayesha.trigger(), view=modal())["view"]
    update = {"view_id": opened["id"], "view": modal(title=plain("Two"))}
    assert cast.ask("views.update", **update, hash="old")["error"] == "hash_conflict"
    assert cast.ask("views.update", **update, hash=opened["hash"])["ok"]
    assert cast.slack.modals[0].view["title"]["text"] == "Two"
    assert cast.ask("views.update", view_id="V404", view=modal())["error"] == "not_found"
    for error in (None, None, "push_limit_reached"):
        pushed = cast.ask("views.push", trigger_id=cast.ayesha.trigger(), view=modal())
        assert pushed.get("error") == error
    home = {"type": "home", "blocks": [section("Today")]}
    assert cast.ask("views.publish", user_id="U1", view=home)["ok"]
    assert cast.ask("views.publish", user_id="U1", view=modal())["error"] == "invalid_arguments"


# response_url


def respond(url: str, **body: object) -> tuple[int, str]:
    async def post() -> tuple[int, str]:
        answer = await AsyncWebhookClient(url).send_dict(body)
        return answer.status_code, answer.body

    return asyncio.run(post())


def test_a_response_url_serves_five_times(cast: Cast) -> None:
    url = cast.ayesha.response_url(cast.elsewhere)
    assert respond(url, text="")[0] == 400, "a refusal costs no use"
    assert respond(url, blocks=[section("")])[0] == 400
    for n in range(5):
        assert respond(url, text=f"{n}", response_type="in_channel")[0] == 200
    status, body = respond(url, text="6")
    assert status == 404
    assert "used_url" in body
    assert [m.text for m in cast.elsewhere.answers] == list("01234")


def test_a_response_url_lives_half_an_hour(cast: Cast, clock: list[float]) -> None:
    url = cast.ayesha.response_url(cast.sales)
    clock[0] += 30 * 60
    assert respond(url, text="just in time")[0] == 200
    clock[0] += 1
    status, body = respond(url, text="late")
    assert status == 404
    assert "expired_url" in body
    assert cast.sales.answers[0].ephemeral_to is cast.ayesha


def test_a_response_url_replaces_and_deletes_its_message(cast: Cast) -> None:
    cast.post(blocks=[section("old"), actions(button())])
    message: Message = cast.sales.answers[0]
    url = cast.ayesha.response_url(cast.sales, message)
    assert respond(url, replace_original=True, text="new", blocks=[])[0] == 200
    assert message.text_shown == "new"
    assert respond(url, delete_original=True)[0] == 200
    assert cast.sales.messages == []
    assert respond(url, delete_original=True)[0] == 400


# Files


def test_an_upload_in_three_steps(cast: Cast) -> None:
    async def upload() -> None:
        client = AsyncWebClient(token=cast.team.bot_token, base_url=cast.slack.api_url)
        args: Json = {"filename": "deals.csv", "content": "a,b\n", "initial_comment": "here"}
        await client.files_upload_v2(channel=cast.sales.id, **args)

    asyncio.run(upload())
    shared = cast.sales.answers[0]
    assert (shared.files[0].name, shared.files[0].data) == ("deals.csv", b"a,b\n")
    assert (
        cast.ask("files.completeUploadExternal", files=[{"id": "F9"}])["error"] == "file_not_found"
    )
    assert cast.ask("files.completeUploadExternal")["error"] == "invalid_arguments"


# Limits and faults


def test_limits_and_faults_on_demand(cast: Cast, clock: list[float]) -> None:
    async def post() -> tuple[int, Json, Json]:
        client = AsyncWebClient(token=cast.team.bot_token, base_url=cast.slack.api_url)
        try:
            answer = await client.chat_postMessage(channel=cast.sales.id, text="x")
        except SlackApiError as error:
            answer = error.response
        assert isinstance(answer.data, dict)
        return answer.status_code, answer.data, dict(answer.headers)

    cast.slack.limits("chat.postMessage", retry_after=7)
    status, data, headers = asyncio.run(post())
    assert (status, data["error"], headers["Retry-After"]) == (429, "ratelimited", "7")
    cast.slack.refuses("chat.postMessage", "fatal_error")
    assert asyncio.run(post())[1]["error"] == "fatal_error"
    assert cast.sales.messages == []
    cast.slack.faults.limits["chat.postMessage"] = (1, 2.5)
    assert asyncio.run(post())[0] == 200
    assert asyncio.run(post())[2]["Retry-After"] == "3"
    clock[0] += 2.5
    assert asyncio.run(post())[0] == 200
    assert [call.status for call in cast.slack.called("chat.postMessage")][-3:] == [200, 429, 200]


@pytest.mark.parametrize(("done", "count"), [(True, 1), (False, 0)])
def test_a_reply_can_be_lost(cast: Cast, done: bool, count: int) -> None:
    async def post() -> None:
        client = AsyncWebClient(token=cast.team.bot_token, base_url=cast.slack.api_url)
        client.retry_handlers.clear()
        await client.chat_postMessage(channel=cast.sales.id, text="x")

    cast.slack.loses_reply("chat.postMessage", done=done)
    with pytest.raises(Exception, match="disconnected"):
        asyncio.run(post())
    assert len(cast.sales.messages) == count


def test_server_errors_on_demand(cast: Cast) -> None:
    async def post() -> None:
        client = AsyncWebClient(token=cast.team.bot_token, base_url=cast.slack.api_url)
        await client.chat_postMessage(channel=cast.sales.id, text="x")

    cast.slack.fails("chat.postMessage", status=503)
    with pytest.raises(SlackApiError, match="503"):
        asyncio.run(post())
    assert cast.sales.messages == []
