"""The kiosk as a member of the contact networks: what is played, and what must come true."""

import asyncio
import contextlib
import random
import time

import door
import phones
from bed import Bed, Unmet, expect
from radio import Adapter

# What the ids are made from, and the midnight UTC with which it begins.
SECRET = bytes(range(32))
BEGINS = 1_767_225_600

BLUEZONE_SERVICE, BLUEZONE_ID = str(phones.BLUEZONE), str(phones.BLUEZONE_ID)
HERALD_SERVICE = '0000fcf6-0000-1000-8000-00805f9b34fb'
HERALD_PAYLOAD = '3e98c0f8-8f05-4829-a121-43e38f8933e7'


class Clock:
    """What the guest's clock shows, once it has been set."""

    def __init__(self) -> None:
        self.ahead = 0.0

    async def set(self, bed: Bed, unix: float) -> None:
        await bed.guest.run(f'date -s @{int(unix)}')
        self.ahead = int(unix) - time.time()

    def now(self) -> float:
        return time.time() + self.ahead


@contextlib.asynccontextmanager
async def guest(bed: Bed, seconds_before_slot: float | None = None):
    """A controller whose adverts are heard; and the guest's clock, so long before a slot ends."""
    bed.air.kind = door.Adapter
    clock = Clock()
    try:
        await bed.fresh()
        now = time.time()
        if seconds_before_slot is not None:
            now = (now // 900 + 1) * 900 - seconds_before_slot
        await clock.set(bed, now)
        yield clock
    finally:
        bed.air.kind = Adapter
        await bed.guest.run(f'date -s @{int(time.time())}')


def asked(networks: str, adapter: str = 'hci0') -> str:
    return f'beacon={networks}:{SECRET.hex()}:{BEGINS}:{adapter}'


async def heard(bed: Bed, part: str, seconds: float, after: float = 0.0, holds=lambda _heard: True):
    """Waits for an advert of this part for which this holds."""
    end = time.monotonic() + seconds
    while True:
        for each in reversed(bed.air.adapter.since(after)):
            if each.part() == part and holds(each):
                return each
        if time.monotonic() > end:
            parts = sorted({each.part() for each in bed.air.adapter.since(after)})
            raise Unmet(f'no {part} within {seconds:.0f} s, only {parts}; refused {bed.air.adapter.refused}')
        await asyncio.sleep(0.2)


def bluezone_id(each: door.Heard) -> bytes:
    makers = each.structures[phones.MANUFACTURER]
    expect(makers[:2] == b'\xb5\x22', f'another company: {makers[:2].hex()}')
    return makers[2:]


async def beacon_turns(bed: Bed) -> str:
    """A phone hears the right id before and after the slot, the beacon that wakes iPhones, and reads
    the id where an iPhone has it; the kiosk listens all the while."""
    async with guest(bed, seconds_before_slot=45) as clock:
        kiosk = await bed.listen('monitor', asked('bluezone'))
        await bed.air.add(phones.gaen())
        before = await heard(bed, 'bluezone', 30)
        right = door.bluezone(SECRET, BEGINS, clock.now())
        expect(bluezone_id(before) == right, f'{bluezone_id(before).hex()} for {right.hex()}')
        expect(before.kind == door.CONNECTABLE, f'of kind {before.kind}')
        expect(before.structures.get(phones.FLAGS) == b'\x06', f'flags {before.structures.get(phones.FLAGS)}')
        wake = await heard(bed, 'wake', 20)
        expect(len(wake.data) == 30 and wake.structures.get(phones.FLAGS) == b'\x06', f'the wake beacon is {wake.data.hex()}')
        read = await door.read(bed.air, bed.air.adapter, BLUEZONE_SERVICE, BLUEZONE_ID)
        expect(read == right, f'read {read.hex()} for {right.hex()}')
        left = 900 - clock.now() % 900
        expect(left < 45, 'the slot has passed already')
        await asyncio.sleep(left)
        turned, slot_began = asyncio.get_running_loop().time(), clock.now()
        right = door.bluezone(SECRET, BEGINS, slot_began + 1)
        after = await heard(bed, 'bluezone', 20, turned, lambda each: bluezone_id(each) == right)
        late = after.at - turned
        await asyncio.sleep(2)
        now = asyncio.get_running_loop().time()
        stale = [each for each in bed.air.adapter.since(now - 1) if each.part() == 'bluezone' and bluezone_id(each) != right]
        expect(not stale, 'the former id is on the air still')
        read = await door.read(bed.air, bed.air.adapter, BLUEZONE_SERVICE, BLUEZONE_ID)
        expect(read == right, f'read {read.hex()} for {right.hex()} after the slot')
        asked_to_pair = bed.air.adapter.asked_to_pair
        expect(not asked_to_pair, f'whoever reads is asked to pair, {asked_to_pair} times')
        said = await kiosk.says()
        expect(said['networks'].keys() == {'gaen'}, f'it hears {sorted(said["networks"])}')
        expect(said['reports'] > 50, 'it has not listened meanwhile')
        moved = 'a new address' if after.address != before.address else 'the same address'
        return f'the id of the slot before and after ({late:.1f} s late, {moved}), and read both times, nobody asked to pair'


PARTS = ('bluezone', 'wake', 'gaen', 'dp3t', 'herald')


async def measured(bed: Bed, kiosk, clock: Clock, adapter: door.Adapter, parts: tuple[str, ...], seconds: int) -> str:
    """Listens for so long: the first is on the air for four fifths of the time at 300 ms or less, the
    others have their turns with the right ids, and the kiosk listens all the while."""
    began = asyncio.get_running_loop().time()
    before, rested, sent = await kiosk.says(), bed.air.adapter.rested, bed.sent()
    await asyncio.sleep(seconds)
    all_heard, moment = adapter.since(began), clock.now()
    after, rested, sent = await kiosk.says(), bed.air.adapter.rested - rested, bed.sent() - sent
    shares = {part: door.share(adapter, part, began) for part in parts}
    words = ', '.join(f'{part} {100 * each:.0f} %' for part, each in shares.items())
    counted = {part: sum(each.part() == part for each in all_heard) for part in parts}
    expect(all(counted.values()), f'not everybody has a turn: {counted}; refused {adapter.refused}')
    usual = door.interval(all_heard, parts[0])
    expect(shares[parts[0]] >= 0.8, f'{words}, every {1000 * usual:.0f} ms; refused {adapter.refused}')
    expect(usual <= 0.3, f'an advert every {1000 * usual:.0f} ms')
    expect(rested < 0.05 * seconds, f'no scan for {rested:.1f} of {seconds} s')
    last = {each.part(): each for each in all_heard}
    if 'gaen' in parts:
        data = last['gaen'].structures[phones.SERVICE_DATA][2:]
        expect(data in {door.gaen(SECRET, moment - ago) for ago in (0, 30)}, 'a wrong id of gaen')
        expect(last['gaen'].kind == door.NOT_CONNECTABLE, 'one may connect to gaen')
    if 'dp3t' in parts:
        data = last['dp3t'].structures[phones.SERVICE_DATA][2:]
        expect(data in door.dp3t(SECRET, BEGINS, moment), 'a wrong id of dp3t')
        expect(phones.TX_POWER in last['dp3t'].structures, 'dp3t does not say its level')
    if 'herald' in parts:
        payload = await door.read(adapter.link, adapter, HERALD_SERVICE, HERALD_PAYLOAD)
        expect(payload == bytes.fromhex('3002c0000000000000'), f'the venue is {payload.hex()}')
    addresses = {part: len({each.address for each in all_heard if each.part() == part}) for part in parts}
    return (
        f'{words}; every {1000 * usual:.0f} ms; {after["reports"] - before["reports"]} of {sent} adverts heard, '
        f'no scan for {1000 * rested:.0f} ms of {seconds} s; {adapter.refused} changes of address refused, '
        f'addresses {list(addresses.values())}'
    )


async def share(bed: Bed, networks: str, parts: tuple[str, ...], strict: bool) -> str:
    async with guest(bed, seconds_before_slot=600) as clock:
        adapter = bed.air.adapter
        adapter.strict = strict
        kiosk = await bed.listen('monitor', asked(networks))
        await bed.air.add(*(phones.gaen(rssi=random.randint(-90, -50)) for _ in range(20)))
        await heard(bed, 'bluezone', 30)
        await kiosk.until(lambda said: said['reports'] > 20, 20, 'the radio is deaf')
        return await measured(bed, kiosk, clock, adapter, parts, 60)


async def beacon_share_usual(bed: Bed) -> str:
    """What is on the air where nothing is set: Bluezone, and the beacon that wakes iPhones."""
    return await share(bed, 'bluezone', ('bluezone', 'wake'), strict=True)


async def beacon_share(bed: Bed) -> str:
    """Everything that can be connected to takes turns on the adapter that listens, although it
    refuses to change its address meanwhile."""
    return await share(bed, 'bluezone,dp3t,herald', ('bluezone', 'wake', 'dp3t', 'herald'), strict=True)


async def beacon_share_of_all(bed: Bed) -> str:
    """The same with Exposure Notification, on an adapter that lets its address be changed while it
    scans."""
    return await share(bed, 'bluezone,gaen,dp3t,herald', PARTS, strict=False)


async def beacon_refused(bed: Bed) -> str:
    """Exposure Notification is silent on an adapter that refuses a new address while it scans, and
    takes nothing from the first network but its turn."""
    async with guest(bed, seconds_before_slot=300):
        adapter = bed.air.adapter
        await bed.listen('monitor', asked('bluezone,gaen'), 'nowake')
        await heard(bed, 'bluezone', 30)
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(60)
        all_heard = adapter.since(began)
        on_air = door.share(adapter, 'bluezone', began)
        expect(on_air >= 0.8, f'bluezone {100 * on_air:.0f} %')
        expect(adapter.refused > 3, 'the adapter has refused nothing')
        silent = [each for each in all_heard if each.part() == 'gaen' and each.kind == door.NOT_CONNECTABLE]
        expect(not silent, 'it is on the air all the same: see docs/adr/0016-the-beacon.md')
        told = int(await bed.guest.run("cat /run/*.json | grep -c 'address_taken.:false'"))
        taken = int(await bed.guest.run("cat /run/*.json | grep -c 'address_taken.:true' || true"))
        expect(told >= 3, f'the kiosk was told of {told} refusals')
        refused = f'{adapter.refused} changes of address refused, told of {told} and of {taken} taken'
        return f'bluezone {100 * on_air:.0f} %; {refused}'


async def beacon_two_adapters(bed: Bed) -> str:
    """A second adapter sends and the first one listens: everything takes turns although both are
    strict, and the kiosk does not take itself for a phone."""
    async with guest(bed, seconds_before_slot=60) as clock:
        bed.second.plug()
        await bed.guest.run('second_up')
        kiosk = await bed.listen('monitor', asked('bluezone,gaen,dp3t,herald', 'hci1'))
        adapter = bed.second.adapter
        await kiosk.until(lambda said: said['beacon']['own'] > 20, 60, 'it does not hear itself')
        words = await measured(bed, kiosk, clock, adapter, PARTS, 60)
        said = await kiosk.says()
        expect(not bed.air.adapter.heard, 'the adapter that listens sends, too')
        taken = {name for name in said['networks'] if name != 'bluezone'}
        ids = said['networks'].get('bluezone', {'ids': 0})['ids']
        expect(not taken and not ids, f'it takes itself for phones of {sorted(said["networks"])}')
        return f'{words}; {said["beacon"]["own"]} adverts known for its own, over a slot'


async def beacon_recovers(bed: Bed) -> str:
    """What the kiosk sends is on the air again after bluetoothd was killed and after the adapter
    was pulled out."""
    async with guest(bed, seconds_before_slot=600):
        await bed.listen('monitor', asked('bluezone'))
        await heard(bed, 'bluezone', 30)
        await bed.guest.run('bluetooth_down')
        await asyncio.sleep(3)
        await bed.guest.run('bluetooth_up')
        up = asyncio.get_running_loop().time()
        again = await heard(bed, 'bluezone', 60, up)
        bed.air.unplug()
        await bed.guest.run('adapter_down')
        await asyncio.sleep(3)
        bed.air.plug()
        await bed.guest.run('adapter_up')
        plugged = asyncio.get_running_loop().time()
        last = await heard(bed, 'bluezone', 60, plugged)
        return f'{again.at - up:.1f} s after bluetoothd, {last.at - plugged:.1f} s after the adapter'


ALL = {
    scenario.__name__: scenario
    for scenario in (
        beacon_turns,
        beacon_share_usual,
        beacon_share,
        beacon_share_of_all,
        beacon_refused,
        beacon_two_adapters,
        beacon_recovers,
    )
}
