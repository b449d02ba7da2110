"""What a scenario has to hand: the air, the guest, and the kiosk listening in it."""

import argparse
import asyncio
import json
from pathlib import Path

import radio
from guest import Failed, Guest


class Unmet(Exception):
    """What a scenario expects has not come true."""


def expect(held: bool, otherwise: str) -> None:
    if not held:
        raise Unmet(otherwise)


class Bed:
    def __init__(self, options: argparse.Namespace, directory: Path) -> None:
        self.options = options
        self.directory = directory
        self.air = radio.Air()
        self.guest = Guest(options.architecture, options.bed, directory)
        self.sender: asyncio.Task | None = None

    async def start(self) -> None:
        await self.air.listen(str(self.directory / 'radio'))
        self.sender = asyncio.create_task(self.air.send())
        await self.guest.start()
        await self.guest.run('bus_up')

    async def stop(self) -> None:
        if self.sender:
            self.sender.cancel()
        await self.guest.stop()

    async def fresh(self, duplicates: str = 'all') -> None:
        """Nobody in the air, a new adapter, a new bluetoothd."""
        self.air.clear()
        await self.guest.run('kiosk_down; bluetooth_down; adapter_down; true; rm -f /run/*.log')
        self.air.plug(duplicates)
        await self.guest.run('adapter_up && bluetooth_up')

    async def post_mortem(self) -> str:
        """What the guest has to say after a failure."""
        try:
            said = await self.guest.run('for file in /run/*.log; do echo "== $file"; tail -n 20 "$file"; done; dmesg | tail')
        except (Failed, TimeoutError, asyncio.IncompleteReadError) as error:
            said = f'the guest does not answer: {error!r}'
        return f'\n{said}\n{(self.directory / "console.log").read_text(errors="replace")[-2000:]}' if (
            self.directory / 'console.log'
        ).exists() else f'\n{said}'
