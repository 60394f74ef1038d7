"""A loopback Slack for tests, as strict as the real one."""

from tests.servers.slack.people import Person
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Channel, Message, View
from tests.servers.slack.workspaces import Workspace
from tests.servers.slack.world import Envelope

__all__ = ["Channel", "Envelope", "Message", "Person", "SlackServer", "View", "Workspace"]
