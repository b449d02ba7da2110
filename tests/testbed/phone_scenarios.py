"""Phones, and adverts, that are not as they should be; and what else there is to reading an iPhone."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable

from bumble import hci

import faulty
import phones
import radio
from bed import Bed, expect
from faults import begins, hears_again, with_adapters
from scenarios import everyone


class Silent(phones.Bluezone):
    """It never answers what it is asked for."""

    async def read(self, _connection) -> bytes:
        self.reads += 1
        await asyncio.sleep(3600)


class HangsUp(phones.Bluezone):
    """It goes away in the middle."""

    async def read(self, connection) -> bytes:
        self.reads += 1
        await connection.disconnect()
        await asyncio.sleep(3600)


class Short(phones.Bluezone):
    """Its id has the wrong length."""

    def __init__(self) -> None:
        super().__init__()
        self.id = self.id[:5]


async def iphones_that_fail(bed: Bed) -> str:
    """iPhones that say nothing to anything, do not hand the value out, hang up, hand out a wrong one,
    or take a new address before they are asked: each is let go, none is asked in a storm, and the one
    that is well is read."""
    kiosk, process = await begins(bed, 'somebody')
    well, silent, hangs, short = phones.Bluezone(), Silent(), HangsUp(), Short()
    mute = phones.bluezone_iphone(services=[phones.Bluezone()], rssi=-40)
    failing = [phones.bluezone_iphone(services=[each], rssi=-45) for each in (silent, hangs, short)]
    turned = phones.Bluezone()
    turning = phones.bluezone_iphone(services=[turned], rssi=-50, rotate=20)
    await bed.air.add(mute, *failing, turning, phones.bluezone_iphone(services=[well], rssi=-70))
    mute.bumble.gatt_server.on_gatt_pdu = lambda *_: None

    await kiosk.until(lambda _: well.reads, 120, 'the one that is well was not read')
    await asyncio.sleep(30)
    said = await kiosk.says()
    asked = {name: phone.connections for name, phone in zip(('mute', 'silent', 'hangs up', 'short'), [mute, *failing])}
    expect(well.reads == 1 and short.reads == 1, f'read {well.reads} and {short.reads} times')
    expect(all(1 <= often <= 6 for often in asked.values()), f'connections: {asked}')
    ids = said['networks']['bluezone']['ids']
    expect(ids == 1 + bool(turned.reads), f'{ids} ids')
    await hears_again(bed, kiosk, process, 20)
    outcomes = [outcome for outcome, _ in said['readings']]
    cost = sum(scan_off for _, scan_off in said['readings'])
    kinds = ', '.join(sorted(set(outcomes)))
    return f'{asked} connections in {said["second"]} s, {len(outcomes)} readings ({kinds}), no scan for {cost} ms'


async def iphone_gone(bed: Bed) -> str:
    """An iPhone that was heard and cannot be reached any more is let go before the kernel gives up, over
    which some kernels fail; the next one is read."""
    kiosk, process = await begins(bed, 'somebody')
    failed = await bed.guest.run("dmesg | grep -c 'kernel BUG'; true")
    await bed.air.add(phones.bluezone_iphone(rssi=-40))
    said = await kiosk.until(lambda said: said['readings'], 60, 'it was not asked')
    expect(said['readings'][0][0] == 'timed out', f'{said["readings"]}')
    await bed.air.add(phones.bluezone_iphone(services=[well := phones.Bluezone()], rssi=-45))
    await kiosk.until(lambda _: well.reads, 30, 'the other one was not read')
    await hears_again(bed, kiosk, process, 20)
    expect(await bed.guest.run("dmesg | grep -c 'kernel BUG'; true") == failed, 'the kernel has failed')
    return f'let go after {said["readings"][0][1]} ms without scan, the other one read'


async def lost_while_read(bed: Bed) -> str:
    """In the middle of a reading Bluetooth is switched off, bluetoothd is killed, the adapter pulled
    out, the controller fails or answers no more; afterwards another phone is read all the same."""
    remarks = []

    async def pulled() -> None:
        bed.air.unplug()
        await bed.guest.run('adapter_down')

    async def put_back() -> None:
        bed.air.plug()
        await bed.guest.run('adapter_up')

    async def fails() -> None:
        bed.air.adapter.fail()

    async def freezes() -> None:
        bed.air.adapter.is_frozen = True
        await asyncio.sleep(20)

    async def thaws() -> None:
        bed.air.adapter.is_frozen = False

    async def nothing() -> None:
        pass

    def run(line: str) -> Callable[[], Awaitable]:
        return lambda: bed.guest.run(line)

    for name, breaks, mends, reachable in (
        ('rfkill', run('rfkill_all 1'), run('rfkill_all 0'), True),
        ('killed', run('bluetooth_down'), run('bluetooth_up'), True),
        ('pulled', pulled, put_back, True),
        ('failed', fails, nothing, True),
        ('frozen', freezes, thaws, True),
        ('pulled before it answers', pulled, put_back, False),
        ('frozen before it answers', freezes, thaws, False),
    ):
        async with with_adapters(bed):
            kiosk, process = await begins(bed, 'somebody')
            phone = phones.bluezone_iphone(services=[Silent()] if reachable else [], rssi=-45)
            await bed.air.add(phone)
            adapter = bed.air.adapter

            def is_asked(_: dict, adapter=adapter, reachable=reachable) -> bool:
                return bool(adapter.le_connections if reachable else adapter.pending_le_connection)

            await kiosk.until(is_asked, 60, f'{name}: it was not asked')
            await breaks()
            await asyncio.sleep(5)
            await mends()
            took = await hears_again(bed, kiosk, process, 60)
            bed.air.clear()
            await bed.air.add(phones.gaen(), phones.bluezone_iphone(services=[after := phones.Bluezone()], rssi=-40))
            await kiosk.until(lambda _: after.reads, 60, f'{name}: nobody was read afterwards')
            remarks.append(f'{name} {took} s')
    return ', '.join(remarks)


async def read_apart(bed: Bed) -> str:
    """A second adapter reads the iPhones, slow ones among them, and the scan of the first never rests
    for it; when the second is pulled out the first one reads, and it is told."""
    async with with_adapters(bed):
        bed.second.plug()
        await bed.guest.run('second_up')
        kiosk, process = await begins(bed, 'somebody', 'reads=hci1')
        first, second = bed.air.adapter, bed.second.adapter
        connections = 0

        def connected(adapter, make):
            def counted(address):
                nonlocal connections
                connections += adapter is first
                return make(address)

            return counted

        first.create_le_connection = connected(first, first.create_le_connection)
        services = [phones.Bluezone() for _ in range(4)]
        slow = Silent()
        rested, off = first.rested, asyncio.get_running_loop().time()
        await bed.air.add(
            phones.bluezone_iphone(services=[slow], rssi=-40),
            *(phones.bluezone_iphone(services=[each], rssi=-60) for each in services),
        )

        def are_read(_: dict) -> bool:
            return all(each.reads == 1 for each in services) and slow.reads >= 2

        said = await kiosk.until(are_read, 90, lambda: f'read {[each.reads for each in [*services, slow]]} times')
        rested, lasted = first.rested - rested, asyncio.get_running_loop().time() - off
        expect(connections == 0, f'{connections} connections of the adapter that listens')
        # From one search to the next it rests as it does without a reading.
        expect(rested < 0.05 * lasted, f'no scan for {rested:.2f} of {lasted:.0f} s')
        expect(not any(cost for _, cost in said['readings']), f'readings cost: {said["readings"]}')
        expect(not second.asked_to_pair, 'it has asked to pair')
        bed.second.unplug()
        await bed.guest.run('detach "$second"')
        await bed.air.add(phones.bluezone_iphone(services=[last := phones.Bluezone()], rssi=-35))
        await kiosk.until(lambda _: last.reads, 90, 'nobody was read after it was pulled out')
        await hears_again(bed, kiosk, process, 20)
        told = await bed.guest.run("grep -c 'cannot be used, so hci0 reads' /run/kiosk-monitor.json")
        expect(told == '1' and connections, f'told {told} times, {connections} connections')
        slowly = f'one that says nothing let go {slow.reads} times'
        return f'{len(services)} read and {slowly} in {lasted:.0f} s; no scan for {1000 * rested:.0f} ms'


def rubbish() -> bytes:
    """Structures that end too late, are empty, or are none."""
    forms = (
        lambda: random.randbytes(31),
        lambda: bytes(31),
        lambda: b'\xff' * 31,
        lambda: b'\x1f\x16\x6f\xfd' + random.randbytes(8),
        lambda: b'\x03\x03\x6f\xfd\x17\x16\x6f\xfd' + random.randbytes(5),
        lambda: b'\x00\x00\x03\x03\x6f\xfd\x00\x01\x16',
        lambda: b'\x01\x03\x02\x16\x6f\x01\xff\x03\xff\xb5\x22',
        lambda: b'\x0e\xff\xb5\x22' + random.randbytes(11),
        lambda: b'\x11\x07' + random.randbytes(3),
        lambda: b'',
    )
    return random.choice(forms)()


# Reports that break off, or are fewer or of another kind than they say.
BROKEN = (
    b'',
    b'\x02',
    b'\x02\x00',
    b'\x02\xff',
    b'\x02\x01\x00\x01' + bytes(6) + b'\x1f\x02',
    b'\x02\x01\x09\x01' + bytes(8),
    b'\x0d',
    b'\x0d\x01',
    b'\x0d\x05' + bytes(30),
)


def broken_event() -> bytes:
    """What is in an event with reports that is none."""
    if random.random() < 0.3:
        return random.choice(BROKEN)
    return random.choice((b'\x02', b'\x0d')) + random.randbytes(random.randrange(200))


async def malformed(bed: Bed) -> str:
    """Adverts that are none, and events that break off or count wrongly, disturb nobody; phones are
    heard beside them."""
    async with with_adapters(bed):
        kiosk, process = await begins(bed)
        for _ in range(60):
            await bed.air.add(radio.Phone(rubbish, rssi=random.choice((-60, 127, 0)), rotate=0.2, interval=0.1))
        # Whoever is there is known by this level.
        await bed.air.add(phones.gaen(rssi=-33))
        for _ in range(300):
            bed.air.adapter.event(hci.HCI_LE_META_EVENT, broken_event())
            await asyncio.sleep(0.05)
        said = await kiosk.says()
        heard = said['networks']['gaen']['levels']
        expect(heard.get('-33', 0) > 30, f'phones were not heard beside it: {heard}')
        await hears_again(bed, kiosk, process, 20)
        return f'{said["reports"]} reports beside 300 broken events, taken for {sorted(said["networks"])}'


async def burst(bed: Bed) -> str:
    """Two thousand adverts a second for five seconds: what is not heard is counted, and afterwards
    all is as before."""
    kiosk, process = await begins(bed)
    before = await kiosk.says()
    crowd = [phones.gaen(rssi=-70) for _ in range(400)]
    for phone in crowd:
        phone.interval = 0.2
    kilobytes = int(await bed.guest.run('kiosk_kilobytes'))
    await bed.air.add(*crowd)
    await asyncio.sleep(5)
    sent, late = bed.sent(), bed.air.late
    bed.air.clear()
    said = await kiosk.at_rest()
    heard, dropped = said['reports'] - before['reports'], said['dropped'] - before['dropped']
    expect(heard + dropped >= 0.97 * (sent - before['reports']), f'{heard} heard, {dropped} dropped of {sent}')
    expect(not said['trouble'], f'it is unwell: {said["trouble"]}')
    await bed.air.add(phones.gaen())
    await hears_again(bed, kiosk, process, 20)
    grown = int(await bed.guest.run('kiosk_kilobytes')) - kilobytes
    return f'{heard} heard and {dropped} dropped of {sent} in 5 s, {grown} kB grown; sent at most {1000 * late:.0f} ms late'


async def no_levels(bed: Bed) -> str:
    """A controller that gives no level of anybody, or 0 for everybody: nobody is near, and it is well."""
    kiosk, process = await begins(bed)
    bed.air.clear()
    await asyncio.sleep(2)
    before = await kiosk.says()
    await bed.air.add(*(phones.gaen(rssi=rssi) for rssi in (127, 127, 0, 0)))
    await kiosk.until(lambda said: said['reports'] > before['reports'] + 50, 30, 'the radio is deaf')
    earlier, later = before['networks']['gaen']['levels'], (await kiosk.says())['networks']['gaen']['levels']
    expect(earlier == later, f'levels {later}, before {earlier}')
    return 'no level counts'


async def modern(bed: Bed) -> str:
    """A controller of Bluetooth 5: each network is recognised by extended reports, also of an advert
    that comes in pieces; an iPhone is read; the scan hardly rests, and duplicates are not kept back."""
    async with with_adapters(bed, faulty.Modern):
        bed.air.adapter.duplicates = 'address'
        kiosk, process = await begins(bed, 'somebody')
        service = phones.Bluezone()
        present = everyone()
        await bed.air.add(*itertools.chain(*present.values()))
        wanted = {(name, str(phone.level())) for name, kinds in present.items() for phone in kinds}
        adapter, ids, sent = bed.air.adapter, [random.randbytes(20) for _ in range(3)], 0

        def all_heard(said: dict) -> bool:
            levels = {name: each['levels'] for name, each in said['networks'].items()}
            return all(levels.get(name, {}).get(level, 0) >= 5 for name, level in wanted)

        await kiosk.until(all_heard, 60, 'not everybody was heard')
        for _ in range(40):
            for number, each in enumerate(ids):
                data = phones.advert((phones.ALL_16, phones.short(0xFD6F)), phones.service_data(0xFD6F, each))
                # Others before it, so that it stands in the last piece, or across two.
                data = (b'\x1e\xff\x4c\x00\x10' + bytes(26)) * 7 + data
                adapter.long(bytes([number] * 5 + [0x41]), data, -20 - number, (229, 170, 100)[number])
                sent += 1
            await asyncio.sleep(0.1)
        said = await kiosk.says()
        pieces = {level: said['networks']['gaen']['levels'].get(level, 0) for level in ('-20', '-21', '-22')}
        expect(all(count >= 30 for count in pieces.values()), f'of {sent // 3} each in pieces {pieces}')
        bed.air.clear()
        await bed.air.add(phones.gaen(), phones.bluezone_iphone(services=[service], rssi=-40))
        await kiosk.until(lambda said: service.reads == 1, 90, 'the iPhone was not read')
        rested = adapter.rested
        await asyncio.sleep(20)
        rested = adapter.rested - rested
        expect(rested < 1.5 and adapter.le_scan_type == 1, f'no scan for {rested:.1f} of 20 s')
        said = await kiosk.until(lambda said: not said['trouble'], 5, 'it is unwell')
        expect(not said['without_repeats'], 'duplicates are kept back')
        pieces = f'in pieces {list(pieces.values())} of {sent // 3} each'
        return f'{len(wanted)} kinds of phones, {pieces}, read once; no scan for {1000 * rested:.0f} ms of 20 s'


ALL = {
    scenario.__name__: scenario
    for scenario in (
        iphones_that_fail,
        iphone_gone,
        lost_while_read,
        read_apart,
        malformed,
        burst,
        no_levels,
        modern,
    )
}
