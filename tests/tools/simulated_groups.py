"""The simulated Graph's directory, set as `tests.tools.fake_groups` is."""

from __future__ import annotations

from bot.rehearsal.graph_api import GraphApi, status


class SimulatedGroups:
    def __init__(self, graph: GraphApi) -> None:
        self.graph = graph

    def put(self, object_id: str, *group_ids: str) -> None:
        """From now on this person is in these groups and no other."""
        self.graph.memberships[object_id.lower()] = set(group_ids)

    def break_down(self) -> None:
        self.graph.standing = status(503, "serviceNotAvailable")

    def mend(self) -> None:
        self.graph.standing = None
