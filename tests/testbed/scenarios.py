"""What is played, and what must come true. Each scenario gives a remark with what it has counted."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable

import phones
from bed import Bed, Unmet, expect
from radio import Phone


def everyone() -> dict[str, list[Phone]]:
    """By the name of the network, phones of each of its kinds, each with a level of its own."""
    levels = iter(random.sample(range(-95, -30), 16))

    def level() -> int:
        return next(levels)

    return {
        'bluezone': [
            phones.bluezone_android(rssi=level()),
            phones.bluezone_first(rssi=level()),
            phones.bluezone_iphone(rssi=level()),
            phones.bluezone_iphone_behind(rssi=level()),
        ],
        'gaen': [phones.gaen(rssi=level())],
        'dp3t': [phones.dp3t(rssi=level())],
        'robert': [phones.robert(rssi=level())],
        'token': [phones.token(rssi=level())],
        'sonar': [phones.sonar(rssi=level())],
        'herald': [phones.herald(rssi=level()), phones.herald_old(rssi=level()), phones.covidsafe(rssi=level())],
        'bluetrace': [
            phones.bluetrace(rssi=level()),
            phones.bluetrace(phones.OPENTRACE, rssi=level()),
            phones.bluetrace(phones.ABTRACE, rssi=level()),
        ],
    }


async def each_network(bed: Bed) -> str:
    """Each network is recognised by what each kind of its phones sends, exactly as loud as it
    arrives, with everybody there at once."""
    kiosk = await bed.listen()
    began = await kiosk.says()
    present = everyone()
    await bed.air.add(*itertools.chain(*present.values()), phones.headset(), phones.beacon())
    wanted = {(name, str(phone.level())) for name, kinds in present.items() for phone in kinds}

    def missing(said: dict) -> set[tuple[str, str]]:
        enough = {
            (name, level)
            for name, heard in said['networks'].items()
            for level, reports in heard['levels'].items()
            if reports >= 5
        }
        return wanted - enough

    try:
        said = await kiosk.until(lambda said: not missing(said), 60, 'not everybody was heard')
    except Unmet as unmet:
        raise Unmet(f'missing {sorted(missing(await kiosk.says()))}: {unmet}') from None
    heard = {(name, level) for name, heard in said['networks'].items() for level in heard['levels']}
    expect(heard == wanted, f'heard {sorted(heard - wanted)}, who were not there')
    return f'{len(wanted)} kinds of phones of {len(present)} networks within {said["second"] - began["second"]} s'


async def nobody(bed: Bed) -> str:
    """Phones without an app, headsets and beacons are heard, and taken for no network."""
    kiosk = await bed.listen()
    await bed.air.add(*(phones.headset() for _ in range(20)), *(phones.beacon() for _ in range(20)))
    said = await kiosk.until(lambda said: said['reports'] > 500, 60, 'the radio is deaf')
    expect(not said['networks'], f'taken for an app: {said["networks"]}')
    return f'{said["reports"]} reports'


async def no_level(bed: Bed) -> str:
    """127 says that the controller does not know the level: it is never the loudest."""
    kiosk = await bed.listen()
    await bed.air.add(phones.gaen(rssi=127), phones.gaen(rssi=-99))
    said = await kiosk.until(lambda said: said['reports'] > 20, 60, 'the radio is deaf')
    levels = said['networks']['gaen']['levels']
    expect(set(levels) == {'-99'}, f'127 was taken for a level: {levels}')
    return 'ignored'


async def scan_never_rests(bed: Bed) -> str:
    """The controller scans all the time, and a still phone is heard again and again although this
    controller would keep repeated adverts to itself."""
    await bed.fresh(duplicates='address')
    kiosk = await bed.listen()
    phone = phones.gaen()
    await bed.air.add(phone)
    await kiosk.until(lambda said: said['reports'] > 0, 60, 'the radio is deaf')
    before, sent, rested = await kiosk.says(), phone.passed_on, bed.air.adapter.rested
    await asyncio.sleep(30)
    after = await kiosk.says()
    rested = bed.air.adapter.rested - rested
    rate = (after['reports'] - before['reports']) / (after['second'] - before['second'])
    # Three searches end in this time, and each begins anew as soon as the guest gets round to it: 0.1 s
    # in all at a load of five for each core, 1.1 s at ten.
    expect(rested < 1.5, f'the controller did not scan for {rested:.1f} of 30 s')
    expect(rate > 0.8 / phone.interval, f'{rate:.1f} reports a second of a phone that sends {1 / phone.interval:.1f}')
    return f'{rate:.1f} reports/s of {1 / phone.interval:.1f}; no scan for {1000 * rested:.0f} ms of 30 s'


def multitude(bed: Bed, number: int) -> list[Phone]:
    """Phones of every loudness that change their ids and cannot be connected to."""
    many = []
    for _ in range(number):
        distance = random.gauss(-75, 8)
        many.append(
            phones.gaen(rssi=lambda far=distance: max(-105, min(-30, round(random.gauss(far, 4)))), rotate=bed.options.rotate)
        )
        many[-1].interval = bed.options.interval
    return many


# The listener remembers as many ids (listen.rs).
IDS_MAX = 1024


async def crowd(bed: Bed) -> str:
    """Hundreds of phones that change their ids: next to everything is heard, and once the listener
    has had all it remembers, nothing grows."""
    kiosk = await bed.listen()
    await bed.air.add(*multitude(bed, bed.options.phones))
    for _ in range(12):
        await asyncio.sleep(5)
        if (await kiosk.says())['networks'].get('gaen', {}).get('ids', 0) >= IDS_MAX:
            break
    kilobytes = int(await bed.guest.run('kiosk_kilobytes'))
    await asyncio.sleep(60)
    sent, late = bed.sent(), bed.air.late
    bed.air.clear()
    grown = int(await bed.guest.run('kiosk_kilobytes')) - kilobytes
    said = await kiosk.until(
        lambda said: said['reports'] + said['dropped'] >= 0.99 * sent, 60, f'of {sent} adverts not even 99 % were heard'
    )
    # The kernel's buffer holds a second of them, and a busy machine may let the guest wait for longer.
    expect(said['dropped'] <= 0.005 * sent, f'{said["dropped"]} reports of {sent} were dropped')
    expect(grown < 64, f'it has grown from {kilobytes} kB by {grown} kB in a minute')
    return f'{said["reports"]} of {sent} adverts, {said["dropped"]} dropped, {grown} of {kilobytes} kB grown; sent at most {1000 * late:.0f} ms late'


# Phones that send once a second, which way they are heard, and how much of it must arrive, or be said
# to be dropped. Over D-Bus that depends on how much of the machine bluetoothd gets (at 40 a second all
# comes at a load of 15 on two cores, 71 % at 30, where this does not hold): see docs/known-limits.md.
WAYS = (
    (40, 'monitor', 0.99),
    (40, 'bus', 0.9),
    (200, 'monitor', 0.99),
    (200, 'bus', 0),
    (800, 'monitor', 0.99),
    (800, 'bus', 0),
)


async def monitor_against_bus(bed: Bed) -> str:
    """How much of what is sent arrives over the monitor channel, and how much over D-Bus."""
    remarks = []
    for number, way, share in WAYS:
        await bed.fresh()
        kiosk = await bed.listen(way)
        await bed.air.add(phones.beacon())
        await kiosk.until(lambda said: said['reports'] > 2, 60, f'nothing comes over {way}')
        bed.air.clear()
        before = await kiosk.at_rest()
        await bed.air.add(*multitude(bed, number))
        await asyncio.sleep(10)
        sent = bed.sent()
        bed.air.clear()
        after = await kiosk.at_rest()
        heard, dropped = after['reports'] - before['reports'], after['dropped'] - before['dropped']
        expect(after['way'] == {'monitor': 'Monitor', 'bus': 'Signals'}[way], f'it listens to {after["way"]}')
        expect(heard + dropped >= share * sent and dropped <= 0.005 * sent, f'of {sent} adverts {heard} came over {way}, {dropped} were dropped')
        if way == 'bus':
            # What the kiosk knows of its losses, from the kernel's counter.
            least, most = (now - then for now, then in zip(after['missed'], before['missed']))
            lost = sent - heard - dropped
            expect(least <= lost <= most + 20, f'{lost} were lost, and it says {least} to {most}')
            dropped = f'{dropped} dropped, {least} to {most} missed'
        else:
            dropped = f'{dropped} dropped'
        remarks.append(f'{heard} of {sent} over {way} ({dropped})')
    return ', '.join(remarks)


async def iphone_read(bed: Bed) -> str:
    """With somebody at the screen the id of an iPhone is read, on screen and in the background,
    once each and without pairing; a phone that refuses is left alone."""
    kiosk = await bed.listen('monitor', 'somebody')
    on_screen, behind, refusing = phones.Bluezone(), phones.Bluezone(), phones.Bluezone(refuses=True)
    refuser = phones.bluezone_iphone(services=[refusing], asks_for_security=True, rssi=-40)
    await bed.air.add(
        phones.bluezone_iphone(services=[on_screen], rssi=-45),
        phones.bluezone_iphone_behind(services=[behind], rssi=-50),
        refuser,
    )
    said = await kiosk.until(
        lambda said: on_screen.reads and behind.reads and said['networks']['bluezone']['ids'] == 2,
        150,
        lambda: f'on screen read {on_screen.reads} times, in the background {behind.reads} times',
    )
    connections = refuser.connections
    await asyncio.sleep(20)
    expect(on_screen.reads == 1 and behind.reads == 1, f'read again: {on_screen.reads} and {behind.reads} times')
    asked = bed.air.adapter.asked_to_pair
    expect(refusing.reads == 0 and refuser.pairings == 0 and asked == 0, f'{refuser.pairings} pairings, asked for {asked} times')
    expect(
        1 <= connections == refuser.connections,
        f'{connections}, then {refuser.connections} connections to the phone that refuses',
    )
    took = ', '.join(f'{outcome} {scan_off} ms' for outcome, scan_off in said['readings'])
    return f'both read within {said["second"]} s; {connections} connection to the phone that refuses; without scan: {took}'


async def recovers(bed: Bed, breaks: Callable[[], Awaitable], mends: Callable[[], Awaitable]) -> str:
    """A fault is told, and once it is over the same kiosk hears again without being started anew."""
    kiosk = await bed.listen('monitor', 'somebody')
    await bed.air.add(phones.gaen())
    await kiosk.until(lambda said: said['reports'] > 5 and not said['trouble'], 30, 'the radio is deaf before the fault')
    process = await bed.guest.run('pidof kiosk-ears')
    await breaks()
    told = await kiosk.until(lambda said: said['trouble'], 60, 'the fault was not told')
    await asyncio.sleep(5)
    await mends()
    silent = await kiosk.says()
    mended = await kiosk.until(
        lambda said: said['reports'] > silent['reports'] + 5 and not said['trouble'], 90, 'it did not hear again'
    )
    expect(await bed.guest.run('pidof kiosk-ears') == process, 'the kiosk has been started anew')
    return f'told as {told["trouble"]}, heard again {mended["second"] - silent["second"]} s after it was over'


async def adapter_lost(bed: Bed) -> str:
    """The adapter is pulled out and put back."""

    async def breaks() -> None:
        bed.air.unplug()
        await bed.guest.run('adapter_down')

    async def mends() -> None:
        bed.air.plug()
        await bed.guest.run('adapter_up')

    return await recovers(bed, breaks, mends)


async def bluetoothd_killed(bed: Bed) -> str:
    return await recovers(
        bed, lambda: bed.guest.run('bluetooth_down'), lambda: bed.guest.run('bluetooth_up')
    )


async def bus_restarted(bed: Bed) -> str:
    """The system bus goes away, and bluetoothd with it."""
    return await recovers(
        bed,
        lambda: bed.guest.run('bus_down; bluetooth_down'),
        lambda: bed.guest.run('bus_up && bluetooth_up'),
    )


async def switched_off(bed: Bed) -> str:
    """Somebody switches Bluetooth off (rfkill)."""
    return await recovers(bed, lambda: bed.guest.run('rfkill_all 1'), lambda: bed.guest.run('rfkill_all 0'))


ALL = {
    scenario.__name__: scenario
    for scenario in (
        each_network,
        nobody,
        no_level,
        scan_never_rests,
        crowd,
        monitor_against_bus,
        iphone_read,
        adapter_lost,
        bluetoothd_killed,
        bus_restarted,
        switched_off,
    )
}
