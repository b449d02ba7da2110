"""What is played, and what must come true. Each scenario gives a remark with what it has counted."""

import asyncio
import random

import phones
from bed import Bed, expect


async def each_network(bed: Bed) -> str:
    """Every network is recognised by what its phones send, each as loud as it arrives."""
    everyone = {
        'exposure-notification': phones.gaen(rssi=-41),
        'bluezone': phones.bluezone_android(rssi=-43),
    }
    await bed.guest.run('kiosk_up')
    await bed.air.add(*everyone.values(), phones.headset(), phones.beacon())
    await asyncio.sleep(8)
    heard = await bed.guest.run('heard')
    return heard + repr([(p.passed_on) for p in everyone.values()])


async def crowd(bed: Bed) -> str:
    """Hundreds of phones that change their ids: all of it is heard, and nothing grows."""
    options = bed.options
    many = [
        phones.gaen(rssi=lambda: round(random.gauss(-75, 6)), rotate=options.rotate) for _ in range(options.phones)
    ]
    for phone in many:
        phone.interval = options.interval
    await bed.guest.run('kiosk_up')
    await bed.air.add(*many)
    await asyncio.sleep(20)
    heard = await bed.guest.run('heard')
    return f'{heard} sent {sum(phone.passed_on for phone in many)} late {bed.air.late}'


ALL = {scenario.__name__: scenario for scenario in (each_network, crowd)}
ON_PI = ALL
