"""The desk, assembled: what a turn needs, and its start and stop."""

from __future__ import annotations

from bot.desk.between import Between
from bot.desk.cases import Cases
from bot.desk.days import Days
from bot.desk.delivering import Delivery
from bot.desk.graph_ports import Mailbox
from bot.desk.outbox import Outbox
from bot.desk.ports import Channel, Clock, Log
from bot.desk.redrawing import Redrawing
from bot.desk.regular import DeskOutbox, Regular
from bot.desk.renderer import CardRenderer
from bot.desk.roster import RosterKeeper
from bot.desk.sending import Sender
from bot.desk.service import Service
from bot.desk.signals import SILENT, Signals
from bot.desk.stats import Stats
from bot.desk.tally_ports import Tallies
from bot.desk.ticker import Ticker
from bot.desk.unsent import UnsentFinder
from bot.desk.versions import Versions
from bot.domain.partnership import Partnership


class Desk:
    """Parts wired together. `take_over_after_s` as in `Sender`."""

    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        tallies: Tallies,
        channel: Channel,
        clock: Clock,
        take_over_after_s: float = 30.0,
        mailbox: Mailbox | None = None,
        signals: Signals = SILENT,
    ) -> None:
        self.partnership = partnership
        self.log = log
        self.clock = clock
        self.channel = channel
        self.mailbox = mailbox
        self.signals = signals
        self.versions = Versions(partnership, log)
        self.cases = Cases(log, self.versions)
        self.roster = RosterKeeper(log, clock, partnership)
        self.tallies = tallies
        self.stats = Stats(partnership, log, tallies, clock)
        self.days = Days(log, clock, partnership)
        self.renderer = CardRenderer(partnership, clock, self.days, self.cases, channel, self.stats)
        self.delivery = Delivery(log, channel, self.renderer, signals)
        sender = Sender(log, clock, self.delivery, take_over_after_s, signals)
        redrawing = Redrawing(channel, self.renderer, clock)
        self.outbox = Outbox(partnership, log, self.cases, clock, sender, redrawing)
        self.desk_outbox = DeskOutbox(sender, log)
        self.unsent = UnsentFinder(
            log,
            clock,
            partnership.calendar,
            self.cases,
            self.desk_outbox,
            self.outbox.old_cards,
        )
        self.renderer.unsent = self.unsent
        self.service = Service(
            partnership, log, clock, self.cases, self.days, self._committed, signals
        )
        self.between = Between(self.cases, self.service, log)
        self.delivery.record = self.service.act_as_bot
        self.delivery.pass_on = self.between.pass_on
        self.outbox.look_for_same = self.between.look_for_same
        self.ticker = Ticker(
            partnership,
            log,
            clock,
            self.cases,
            self.days,
            self.service,
            self.outbox,
            Regular(
                partnership,
                log,
                clock,
                self.cases,
                self.days,
                self.desk_outbox,
                signals,
            ),
            self.roster,
            signals,
        )

    def _committed(self, case_id: str) -> None:
        self.ticker.watch(case_id)
        self.outbox.kick(case_id)

    async def start(self) -> None:
        """Raises StoreUnavailable."""
        await self.versions.start()
        await self.roster.read()
        await self.ticker.start()

    async def stop(self, within_s: float) -> None:
        """What is owed goes out, as far as it can within that time."""
        await self.ticker.stop()
        await self.outbox.stop(within_s)
