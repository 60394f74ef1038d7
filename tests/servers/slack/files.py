"""files.*: the upload in three steps (announce, send the bytes, share), reading and deleting."""

from __future__ import annotations

from tests.servers.slack.api import Ask, method
from tests.servers.slack.rules import unpacked
from tests.servers.slack.state import Attachment, Json, Message
from tests.servers.slack.wire import emit, tell
from tests.servers.slack.world import Refused, World


@method("files.getUploadURLExternal", "files:write", takes_json=False)
def get_upload_url(ask: Ask) -> Json:
    size = ask.amount("length", 0)
    if size <= 0:
        msg = "missing_argument"
        raise Refused(msg)
    alike = ask.word("alt_txt", "")
    if len(alike) > 1000:
        msg = "invalid_arguments"
        raise Refused(msg, "[ERROR] must be less than 1001 characters [json-pointer:/alt_txt]")
    file = Attachment(ask.world.new_id("F"), ask.word("filename"), ask.team.bot, size)
    file.alike = alike
    ask.world.files[file.id] = file
    return {"upload_url": f"{ask.world.base}/upload/v1/{file.id}", "file_id": file.id}


def take_upload(world: World, file_id: str, body: bytes) -> tuple[int, str]:
    with world.change():
        file = world.files.get(file_id)
        if not file or file.uploaded:
            return 404, "Not found"
        if len(body) != file.size:
            return 400, "size does not match"
        file.data, file.uploaded = body, True
        return 200, f"OK - {len(body)}"


@method("files.completeUploadExternal", "files:write")
def complete_upload(ask: Ask) -> Json:
    wanted = unpacked(ask.args.get("files"), "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        msg = "invalid_arguments"
        raise Refused(msg, "[ERROR] missing required field: files")
    files = []
    for one in wanted:
        file = ask.world.files.get(one.get("id", ""))
        if not file or not file.uploaded:
            msg = "file_not_found"
            raise Refused(msg)
        file.title = one.get("title") or file.name
        files.append(file)
    if ask.args.get("channel_id"):
        channel = ask.channel("channel_id", to_write=True)
        thread = ask.args.get("thread_ts") or None
        if thread and not channel.find(str(thread)):
            msg = "invalid_thread_ts"
            raise Refused(msg)
        comment = ask.word("initial_comment", "")
        ts = ask.world.new_ts()
        message = Message(channel, ts, ask.team.bot, comment, thread_ts=thread, via="upload")
        message.files, message.subtype = files, "file_share"
        channel.messages.append(message)
        tell(message)
        for file in files:
            event = {"type": "file_shared", "file_id": file.id, "user_id": ask.team.bot.id}
            emit(ask.team, event | {"channel_id": channel.id, "event_ts": ts})
    return {"files": [file.as_json(ask.world.base) for file in files]}


def _file(ask: Ask) -> Attachment:
    file = ask.world.files.get(ask.word("file"))
    if not file or not file.uploaded or file.owner.team is not ask.team:
        msg = "file_not_found"
        raise Refused(msg)
    return file


@method("files.info", "files:read", takes_json=False)
def files_info(ask: Ask) -> Json:
    return {"file": _file(ask).as_json(ask.world.base)}


@method("files.delete", "files:write")
def files_delete(ask: Ask) -> Json:
    del ask.world.files[_file(ask).id]
    return {}


def download(world: World, path: str, token: str) -> tuple[int, str, bytes]:
    """Status, content type and bytes of a private file; without a good token, a sign-in page."""
    team_id, _, file_id = path.partition("/")[0].partition("-")
    file = world.files.get(file_id)
    team = world.teams.get(team_id)
    if not file or not team or not file.uploaded:
        return 404, "text/html", b"<html>no such file</html>"
    if token != team.bot_token or team.revoked:
        return 200, "text/html", b"<html>Sign in to Slack</html>"
    return 200, "application/octet-stream", file.data
