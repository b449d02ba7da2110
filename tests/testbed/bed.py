"""What a scenario has to hand: the air, the guest, and the kiosk listening in it."""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import door
import radio
from guest import Failed, Guest


class Unmet(Exception):
    """What a scenario expects has not come true."""


def expect(held: bool, otherwise: str) -> None:
    if not held:
        raise Unmet(otherwise)


def brief(said: dict) -> dict:
    """What a kiosk says, without the levels."""
    networks = {name: {'reports': heard['reports'], 'ids': heard['ids']} for name, heard in said['networks'].items()}
    return said | {'networks': networks}


class Kiosk:
    """One that listens in the guest, and what it says."""

    def __init__(self, bed: 'Bed', way: str) -> None:
        self.bed, self.way = bed, way

    async def says(self) -> dict:
        """The latest of what it says each second: see listen.rs."""
        return json.loads(await self.bed.guest.run(f'kiosk_says {self.way}'))

    async def until(self, condition: Callable[[dict], bool], seconds: float, otherwise: str | Callable[[], str]) -> dict:
        """Waits until what it says fulfils the condition, and gives that."""
        end = time.monotonic() + seconds
        while True:
            said = await self.says()
            if condition(said):
                return said
            words = otherwise() if callable(otherwise) else otherwise
            expect(time.monotonic() < end, f'{words} within {seconds:.0f} s; it says {brief(said)}')
            await asyncio.sleep(0.5)


    async def at_rest(self) -> dict:
        """Waits until it hears no more, for at most a minute."""
        said = await self.says()
        for _ in range(20):
            await asyncio.sleep(3)
            before, said = said, await self.says()
            if said['reports'] == before['reports']:
                break
        return said


class Bed:
    def __init__(self, options: argparse.Namespace, directory: Path) -> None:
        self.options = options
        self.directory = directory
        self.air = radio.Air()
        # The far end of a second adapter, in the same air.
        self.second = door.SecondSocket(self.air)
        self.guest = Guest(options.architecture, options.bed, options.kiosk, directory)
        self.sender: asyncio.Task | None = None

    async def start(self) -> None:
        await self.air.listen(str(self.directory / 'radio'))
        await self.second.listen(str(self.directory / 'second'))
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
        await self.guest.run('kiosk_down; bluetooth_down; adapter_down; rm -f /run/*.log /run/*.json')
        self.second.unplug()
        self.air.plug(duplicates)
        await self.guest.run('adapter_up && bluetooth_up')

    async def listen(self, way: str = 'monitor', *words: str) -> 'Kiosk':
        """Starts a kiosk that hears over the monitor channel, or over the bus."""
        await self.guest.run(f'kiosk_up {way} {" ".join(words)}')
        return Kiosk(self, way)

    def sent(self) -> int:
        """Adverts that the adapter has passed on to the guest."""
        return sum(phone.passed_on for phone in self.air.phones)

    async def post_mortem(self) -> str:
        """What the guest has to say after a failure."""
        try:
            said = await self.guest.run('tail -n 5 /run/*.log; grep remark /run/*.json; dmesg | tail -n 5')
        except Failed as failed:
            said = f'{failed}; the guest is started anew'
            await self.guest.stop()
            await self.guest.start()
            await self.guest.run('bus_up')
        return f'\n{said}\n{self.guest.kernel_log()}'
