"""What goes wrong with the adapter, bluetoothd or the bus, and that the same kiosk hears again once it is over."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import phones
from bed import Bed, Unmet, expect
from faults import begins, hears_again, with_adapters
from scenarios import recovers


async def bluetoothd_hung(bed: Bed) -> str:
    """bluetoothd is there and answers nobody, for half a minute."""

    async def breaks() -> None:
        await bed.guest.run('bluetooth_hangs')

    async def mends() -> None:
        await asyncio.sleep(10)
        await bed.guest.run('bluetooth_goes_on')

    return await recovers(bed, breaks, mends)


async def heals_itself(bed: Bed, breaks: Callable[[], Awaitable], seconds: float, silent: float = 3) -> str:
    """A fault that nobody mends but the kiosk."""
    kiosk, process = await begins(bed, 'somebody')
    await breaks()
    await asyncio.sleep(silent)
    took = await hears_again(bed, kiosk, process, seconds, stays=12)
    expect('true' in await bed.guest.run('bluez_says hci0 Discovering'), 'BlueZ does not search')
    expect(bed.air.adapter.le_scan_enable and bed.air.adapter.le_scan_type == 1, 'the controller does not scan actively')
    return f'heard again {took + silent:.0f} s later'


async def powered_off(bed: Bed) -> str:
    """Another program switches the adapter off, over D-Bus and behind BlueZ's back."""
    took = await heals_itself(bed, lambda: bed.guest.run('bluetoothctl power off'), 20)
    await bed.fresh()
    behind = await heals_itself(bed, lambda: bed.guest.run('hciconfig hci0 down'), 20)
    return f'{took}; behind BlueZ {behind}'


async def hardware_error(bed: Bed) -> str:
    """The controller's firmware fails and begins anew."""
    async with with_adapters(bed):

        async def breaks() -> None:
            bed.air.adapter.fail()

        return await heals_itself(bed, breaks, 40)


async def reset_behind(bed: Bed) -> str:
    """Another program resets the controller without a word to anybody."""
    return await heals_itself(bed, lambda: bed.guest.run('hciconfig hci0 reset'), 40)


async def scan_ended_behind(bed: Bed) -> str:
    """Another program ends the scan without a word to BlueZ, which believes that it goes on."""
    return await heals_itself(bed, lambda: bed.guest.run('hcitool cmd 0x08 0x000c 00 00'), 30)


async def others_search(bed: Bed) -> str:
    """Other programs search as well, with filters of their own, and end their searches and the
    kernel's."""
    kiosk, process = await begins(bed, 'somebody')
    rested = bed.air.adapter.rested
    for words in ('scan le', 'scan bredr', 'scan on'):
        await bed.guest.run(f'bluetoothctl --timeout 4 {words}; true')
        await hears_again(bed, kiosk, process, 20)
    await bed.guest.run("printf 'menu scan\\nrssi -50\\nduplicate-data off\\nback\\nscan on\\n' | timeout 4 bluetoothctl; true")
    await hears_again(bed, kiosk, process, 20)
    await bed.guest.run('timeout 5 btmgmt --index 0 stop-find; true')
    took = await hears_again(bed, kiosk, process, 20)
    rested = bed.air.adapter.rested - rested
    expect(rested < 10, f'no scan for {rested:.1f} s')
    return f'heard {took} s after the last; no scan for {rested:.1f} s in all'


async def frozen(bed: Bed) -> str:
    """The controller answers no command for half a minute and reports nothing."""
    async with with_adapters(bed):

        async def switch(frozen: bool) -> None:
            bed.air.adapter.is_frozen = frozen
            if frozen:
                await asyncio.sleep(30)

        words = await recovers(bed, lambda: switch(True), lambda: switch(False))
        expect(bed.air.adapter.le_scan_type == 1, 'the controller does not scan actively')
        return words


async def deaf(bed: Bed) -> str:
    """The controller claims to scan and reports nothing, until it is reset."""
    async with with_adapters(bed):
        kiosk, process = await begins(bed, 'somebody')
        resets = bed.air.adapter.resets
        bed.air.adapter.is_deaf = True
        took = await hears_again(bed, kiosk, process, 300)
        return f'heard again after {took} s and {bed.air.adapter.resets - resets} resets'


async def two_adapters(bed: Bed) -> str:
    """A second adapter is plugged in while the first works, then the first is pulled out: the second
    takes over. Then the first comes back, and the second is pulled out."""
    async with with_adapters(bed):
        kiosk, process = await begins(bed, 'somebody')
        bed.second.plug()
        await bed.guest.run('second_up')
        await hears_again(bed, kiosk, process, 20, stays=5)
        expect(not bed.second.adapter.le_scan_enable, 'both scan')
        bed.air.unplug()
        await bed.guest.run('detach "$radio"')
        over = await hears_again(bed, kiosk, process, 40)
        expect(bed.second.adapter.le_scan_enable, 'it is not the second that scans')
        bed.air.plug()
        await bed.guest.run('attach "$radio" && wait_for "test -e /sys/class/bluetooth/hci0"')
        await hears_again(bed, kiosk, process, 40, stays=5)
        bed.second.unplug()
        await bed.guest.run('detach "$second"')
        back = await hears_again(bed, kiosk, process, 40)
        return f'the second took over after {over} s, the first after {back} s'


async def another_name(bed: Bed) -> str:
    """The adapter comes back as hci1, since one that is dead has taken its name."""
    async with with_adapters(bed):
        kiosk, process = await begins(bed, 'somebody')
        bed.air.unplug()
        await bed.guest.run('adapter_down')
        await kiosk.until(lambda said: said['trouble'], 30, 'the fault was not told')
        await bed.guest.run('attach "$second"; wait_for "test -e /sys/class/bluetooth/hci0"')
        bed.air.plug()
        await bed.guest.run('attach "$radio"; wait_for "test -e /sys/class/bluetooth/hci1"')
        took = await hears_again(bed, kiosk, process, 60)
        await bed.guest.run('detach "$second"')
        return f'heard again {took} s after it was back'


async def without_experimental(bed: Bed) -> str:
    """bluetoothd is started anew without our drop-in: the kiosk goes on as well as it can, and says
    that adverts are kept from it."""
    await bed.fresh(duplicates='address')
    kiosk, process = await begins(bed, 'somebody')
    await bed.guest.run('bluetooth_down; bluetooth_up_plain')
    await kiosk.until(lambda said: said['without_repeats'], 60, 'it did not notice')
    await bed.air.add(phones.gaen(), phones.gaen(), phones.gaen(), phones.gaen(), phones.gaen(), phones.gaen())
    took = await hears_again(bed, kiosk, process, 60)
    told = await bed.guest.run("grep -c 'advertisement monitor' /run/kiosk-monitor.json")
    expect(told == '1', f'told {told} times')
    await bed.guest.run('bluetooth_down; bluetooth_up')
    await kiosk.until(lambda said: not said['without_repeats'] and not said['trouble'], 60, 'it is not as it was')
    return f'noticed and told once, heard {took} s later, and as before with the drop-in'


async def late_start(bed: Bed) -> str:
    """The kiosk is there before the bus, bluetoothd and the adapter are, which come one after the
    other."""
    bed.air.clear()
    bed.air.unplug()
    await bed.guest.run('kiosk_down; bluetooth_down; adapter_down; bus_down; rm -f /run/*.log /run/*.json')
    kiosk = await bed.listen('monitor', 'somebody')
    process = await bed.guest.run('pidof kiosk-ears')
    await bed.air.add(phones.gaen())
    troubles = [(await kiosk.says())['trouble']]
    await bed.guest.run('bus_up')
    await asyncio.sleep(5)
    troubles.append((await kiosk.says())['trouble'])
    await bed.guest.run('bluetooth_starts')
    await asyncio.sleep(20)
    troubles.append((await kiosk.says())['trouble'])
    expect(troubles == ['gone', 'gone', 'unplugged'], f'it said {troubles}')
    bed.air.plug()
    await bed.guest.run('adapter_up')
    took = await hears_again(bed, kiosk, process, 40)
    return f'heard {took} s after the adapter was there'


async def again_and_again(bed: Bed) -> str:
    """bluetoothd dies a dozen times, with a reading under way at times; nothing of it stays behind."""
    kiosk, process = await begins(bed, 'somebody')
    await bed.air.add(phones.bluezone_iphone(services=[Silent()], rssi=-45))
    await asyncio.sleep(5)
    files, kilobytes = int(await bed.guest.run('kiosk_files')), int(await bed.guest.run('kiosk_kilobytes'))
    for _ in range(12):
        await bed.guest.run('bluetooth_down')
        await asyncio.sleep(random.uniform(0.2, 3))
        await bed.guest.run('bluetooth_up')
        await asyncio.sleep(random.uniform(0.2, 6))
    took = await hears_again(bed, kiosk, process, 60, stays=15)
    more, grown = int(await bed.guest.run('kiosk_files')) - files, int(await bed.guest.run('kiosk_kilobytes')) - kilobytes
    expect(more <= 4, f'{more} more files than {files}')
    expect(grown < 512, f'{grown} kB grown')
    return f'heard {took} s after the last, {more} more files than {files}, {grown} of {kilobytes} kB grown'


async def anything(bed: Bed) -> str:
    """Twenty faults at random, one on the other; then all is mended, and it hears."""
    async with with_adapters(bed):
        kiosk, process = await begins(bed, 'somebody')
        await bed.air.add(phones.bluezone_iphone(services=[Silent()], rssi=-45), *(phones.headset() for _ in range(5)))
        faults = ('bluetooth_down', 'bluetooth_hangs', 'bluetooth_goes_on', 'bluetooth_up', 'bus', 'rfkill_all 1', 'rfkill_all 0',
                  'hciconfig hci0 down', 'hciconfig hci0 reset', 'hcitool cmd 0x08 0x000c 00 00', 'frozen', 'thawed', 'fail', 'pulled', 'put')
        done = []
        for _ in range(20):
            fault = random.choice(faults)
            done.append(fault)
            if fault == 'bus':
                await bed.guest.run('bus_down; sleep 1; bus_up')
            elif fault in ('frozen', 'thawed') and bed.air.adapter:
                bed.air.adapter.is_frozen = fault == 'frozen'
            elif fault == 'fail' and bed.air.adapter:
                bed.air.adapter.fail()
            elif fault == 'pulled' and bed.air.adapter:
                bed.air.unplug()
                await bed.guest.run('adapter_down')
            elif fault == 'put' and not bed.air.adapter:
                bed.air.plug()
                await bed.guest.run('adapter_up')
            elif fault == 'bluetooth_up':
                await bed.guest.run('pidof bluetoothd >/dev/null || bluetooth_starts')
            elif ' ' in fault or '_' in fault:
                await bed.guest.run(f'({fault}) >/dev/null 2>&1 & sleep 0.5', 30)
            await asyncio.sleep(random.uniform(0.5, 8))
        if bed.air.adapter:
            bed.air.adapter.is_frozen = False
        else:
            bed.air.plug()
            await bed.guest.run('adapter_up')
        await bed.guest.run('rfkill_all 0; bluetooth_goes_on; pidof bluetoothd >/dev/null || bluetooth_starts')
        try:
            took = await hears_again(bed, kiosk, process, 120, stays=15)
        except Unmet as unmet:
            raise Unmet(f'{unmet} after {done}') from None
        files = int(await bed.guest.run('kiosk_files'))
        expect(files < 40, f'{files} files')
        return f'heard {took} s after the last of {len(done)}: {", ".join(done)}; {files} files'


ALL = {
    scenario.__name__: scenario
    for scenario in (
        bluetoothd_hung,
        powered_off,
        hardware_error,
        reset_behind,
        scan_ended_behind,
        others_search,
        frozen,
        deaf,
        two_adapters,
        another_name,
        without_experimental,
        late_start,
        again_and_again,
        anything,
    )
}
