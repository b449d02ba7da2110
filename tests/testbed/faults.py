"""What scenarios of faults have in common: adapters that can be made to go wrong, and what it is to hear again."""

import asyncio
import contextlib

import faulty
import phones
import radio
from bed import Bed, Kiosk, expect


@contextlib.asynccontextmanager
async def with_adapters(bed: Bed, kind: type[radio.Adapter] = faulty.Adapter):
    """Adapters that can be made to go wrong."""
    usual = bed.second.kind
    bed.air.kind, bed.second.kind = kind, faulty.SecondAdapter
    try:
        await bed.fresh()
        yield
    finally:
        bed.air.kind, bed.second.kind = radio.Adapter, usual


async def begins(bed: Bed, *words: str) -> tuple[Kiosk, str]:
    """A kiosk that hears somebody, and its process."""
    kiosk = await bed.listen('monitor', *words)
    await bed.air.add(phones.gaen())
    await kiosk.until(lambda said: said['reports'] > 5 and not said['trouble'], 30, 'the radio is deaf before the fault')
    return kiosk, await bed.guest.run('pidof kiosk-ears')


async def hears_again(bed: Bed, kiosk: Kiosk, process: str, seconds: float, stays: float = 0) -> float:
    """Waits until it hears without trouble, actively, and gives after how many seconds."""
    before = await kiosk.says()

    def well(said: dict) -> bool:
        return said['reports'] > before['reports'] + 5 and not said['trouble'] and said['second'] >= before['second'] + 2

    after = await kiosk.until(well, seconds, 'it did not hear again')
    if stays:
        await asyncio.sleep(stays)
        await hears_again(bed, kiosk, process, 20)
    expect(await bed.guest.run('pidof kiosk-ears') == process, 'the kiosk has been started anew')
    return after['second'] - before['second']
