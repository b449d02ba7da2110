"""The kiosk as a service: the package in a Debian with systemd, a display and a Bluetooth adapter, all
emulated. Says of each thing a service must do whether it holds."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import phones
import radio
from machine import Failed, Machine


class Unmet(Exception):
    """What is expected of the service has not come true."""


def expect(held: bool, otherwise: str) -> None:
    if not held:
        raise Unmet(otherwise)


class Door:
    """What each check has to hand."""

    def __init__(self, machine: Machine, air: radio.Air, pictures: Path) -> None:
        self.machine, self.air, self.pictures = machine, air, pictures
        self.boot_seconds = 0.0

    async def shown(self, unit: str, name: str) -> str:
        return await self.machine.run(f'systemctl show --value --property {name} {unit}')

    async def until(self, line: str, wanted: Callable[[str], bool], seconds: float) -> str:
        """Runs the line until its answer is as wanted, and gives that."""
        end = time.monotonic() + seconds
        while True:
            _, said = await self.machine.attempt(line)
            if wanted(said):
                return said
            expect(time.monotonic() < end, f'{line!r} still says {said!r} after {seconds:.0f} s')
            await asyncio.sleep(1)

    async def picture(self, name: str) -> None:
        await self.machine.picture(self.pictures / f'{name}.png')

    async def boot(self) -> None:
        self.air.plug()
        self.boot_seconds = await self.machine.switch_on()

    async def visits(self) -> list[dict]:
        said = await self.machine.run('kiosk log --json --config /etc/kiosk/kiosk.toml')
        return json.loads(said)


async def ready(door: Door) -> str:
    """It says that it is ready; nothing of ours has failed."""
    await door.until('systemctl is-active kiosk', lambda said: said == 'active', 300)
    for unit in ('bluetooth.service', 'kiosk-rebind.path', 'testbed-adapter.service'):
        await door.until(f'systemctl is-active {unit}', lambda said: said == 'active', 60)
    failed = await door.machine.run('systemctl --failed --plain --no-legend')
    expect(not failed, f'failed: {failed}')
    restarts = await door.shown('kiosk', 'NRestarts')
    expect(restarts == '0', f'{restarts} restarts')
    return f'{door.boot_seconds:.0f} s until the guest answers; "{await door.shown("kiosk", "StatusText")}"'


async def fed(door: Door) -> str:
    """The watchdog is armed, and fed at least once in ten seconds."""
    limit = await door.shown('kiosk', 'WatchdogUSec')
    expect(limit == '30s', f'the watchdog waits {limit!r}')
    fed = {await door.shown('kiosk', 'WatchdogTimestampMonotonic')}
    for _ in range(4):
        await asyncio.sleep(11)
        fed.add(await door.shown('kiosk', 'WatchdogTimestampMonotonic'))
    expect(len(fed) == 5, f'fed at {sorted(fed)} only')
    pid = await door.shown('kiosk', 'MainPID')
    memory = await door.machine.run(f'grep -E "^(VmHWM|VmRSS|RssAnon):" /proc/{pid}/status')
    return f'four times in 44 s; {" ".join(memory.split())}'


async def closed_in(door: Door) -> str:
    """It has its own account and groups, its own files, and no capability left."""
    groups = set((await door.machine.run('id --name --groups kiosk')).split())
    wanted = {'kiosk', 'video', 'render', 'input', 'gpio', 'bluetooth'}
    expect(groups == wanted, f'its groups are {groups}')
    owned = await door.machine.run('stat --format "%U %G %a %n" /var/lib/kiosk /var/lib/kiosk/logbook.db /run/kiosk')
    expect(
        owned.splitlines()
        == ['kiosk kiosk 700 /var/lib/kiosk', 'kiosk kiosk 600 /var/lib/kiosk/logbook.db', 'kiosk kiosk 700 /run/kiosk'],
        owned,
    )
    pid = await door.shown('kiosk', 'MainPID')
    status = await door.machine.run(f'grep -E "^(Uid|CapEff|CapPrm|NoNewPrivs|Seccomp):" /proc/{pid}/status')
    for line in ('CapEff:\t0000000000000000', 'CapPrm:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2'):
        expect(line in status, status)
    exposure = await door.machine.run('systemd-analyze security --no-pager kiosk | tail -n 1')
    return exposure.split('→')[-1].strip()


async def bluetooth(door: Door) -> str:
    """bluetoothd runs our way, and our account may drive it."""
    command = await door.machine.run('tr "\\0" " " </proc/$(pidof bluetoothd)/cmdline')
    expect('-E -p policy -f /usr/share/kiosk/bluetooth.conf' in command, command)
    said = await door.machine.run('kiosk check --config /etc/kiosk/kiosk.toml')
    lines = {line.split()[1]: line for line in said.splitlines()}
    for organ in ('config', 'store', 'radio', 'bluez', 'hears', 'pins', 'screen'):
        held = [line for line in said.splitlines() if line.split()[1] == organ and line.startswith('ok')]
        expect(bool(held), f'of {organ}: {lines.get(organ)}')
    await door.until(
        'busctl get-property org.bluez /org/bluez/hci0 org.bluez.Adapter1 Discovering',
        lambda said: said == 'b true',
        60,
    )
    # What the account itself may do, without the service.
    own = await door.machine.run(
        'setpriv --reuid=kiosk --regid=kiosk --init-groups busctl get-property org.bluez /org/bluez/hci0 '
        'org.bluez.Adapter1 Powered'
    )
    expect(own == 'b true', own)
    return f'{len(said.splitlines())} lines of `kiosk check`, none FAIL'


async def a_visit(door: Door) -> str:
    """Somebody writes themselves in with a phone that runs Bluezone, by touch and by keyboard."""
    await door.picture('welcome')
    await door.machine.touch(230, 612)
    await asyncio.sleep(2)
    # The phone comes with the visitor: one that was there before would be taken for the place's.
    await door.air.add(phones.bluezone_android(rssi=-38))
    await door.picture('identify')
    await door.machine.touch(1018, 570)
    await asyncio.sleep(2)
    await door.machine.type('n g u y e e n x spc v a w n spc a n')
    await asyncio.sleep(1)
    await door.picture('name')
    await door.machine.type('ret')
    await asyncio.sleep(2)
    # Whom to see, what for, done.
    for x, y in ((206, 267), (206, 543), (990, 605)):
        await door.machine.touch(x, y)
        await asyncio.sleep(1)
    await asyncio.sleep(2)
    await door.picture('done')
    visits = await door.visits()
    expect([visit['name'] for visit in visits] == ['Nguyễn Văn An'], f'in the book: {visits}')
    door.air.clear()
    return f'in the book: {visits[0]}'


async def killed(door: Door) -> str:
    """Killed, it is there again, without touching what is in the book."""
    before, pid = await door.visits(), await door.shown('kiosk', 'MainPID')
    began = time.monotonic()
    await door.machine.run(f'kill -KILL {pid}')
    await door.until('systemctl show --value --property NRestarts kiosk', lambda said: said == '1', 60)
    await door.until('systemctl is-active kiosk', lambda said: said == 'active', 120)
    expect(await door.shown('kiosk', 'MainPID') != pid, 'it was not killed')
    took = time.monotonic() - began
    expect(await door.visits() == before, 'the book has changed')
    return f'again after {took:.0f} s'


async def rebound(door: Door) -> str:
    """What is asked for in /run/kiosk/rebind is looked at by root, and taken away, however often it is asked."""
    for _ in range(8):
        await door.machine.run(
            'setpriv --reuid=kiosk --regid=kiosk --clear-groups sh -c "printf hci0 >/run/kiosk/rebind"'
        )
        await door.until('test -e /run/kiosk/rebind; echo $?', lambda said: said == '1', 60)
    said = await door.until(
        'journalctl --no-pager --output cat --unit kiosk-rebind.service', lambda said: 'hci0 has no driver' in said, 60
    )
    await door.machine.run('systemctl reset-failed kiosk-rebind.service; systemctl is-active kiosk-rebind.path')
    # A line on a terminal has no driver to bind anew; that it is found out is what can be seen here.
    return said.splitlines()[1] if len(said.splitlines()) > 1 else said


async def fetching(door: Door) -> str:
    """Shut off from the network unless fetch.conf is put to use; told to fetch, it says why it cannot."""
    server = 'https://127.0.0.1:9'
    await door.machine.run(
        f"sed -i 's|^#index_url = .*|index_url = \"{server}/index.txt\"|; s|^#base_url = .*|base_url = \"{server}\"|' "
        '/etc/kiosk/kiosk.toml'
    )
    journal = 'journalctl --no-pager --output cat --unit kiosk.service --grep "published keys were not fetched" | tail -n 1'
    await door.machine.run('systemctl restart kiosk')
    closed = await door.until(journal, lambda said: 'Address family not supported' in said, 60)
    await door.machine.run(
        'install -D /usr/share/kiosk/fetch.conf /etc/systemd/system/kiosk.service.d/fetch.conf; '
        'systemctl daemon-reload; systemctl restart kiosk'
    )
    # Nobody listens there: that it is told so is what can be seen without a network.
    opened = await door.until(journal, lambda said: 'refused' in said.lower(), 60)
    return f'"{closed}", then "{opened}"'


async def power_cut(door: Door) -> str:
    """Without power between two instructions, the book is whole at the next start."""
    before = await door.visits()
    await door.machine.cut_power()
    await door.boot()
    await ready(door)
    expect(await door.visits() == before, f'{before} became {await door.visits()}')
    proof = await door.machine.run('kiosk log --verify --config /etc/kiosk/kiosk.toml')
    await door.picture('after-the-cut')
    return proof.splitlines()[-1]


async def removed(door: Door) -> str:
    """Removed and purged, it leaves the book, and bluetoothd its own ways."""
    said = await door.machine.run('DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y kiosk 2>&1', 600)
    expect('the logbook is kept' in said, said)
    await door.machine.run('test -e /var/lib/kiosk/logbook.db')
    command = await door.machine.run('tr "\\0" " " </proc/$(pidof bluetoothd)/cmdline')
    expect('/usr/share/kiosk' not in command, command)
    return 'the book is kept'


CHECKS: tuple[Callable[[Door], Awaitable[str]], ...] = (
    ready, fed, closed_in, bluetooth, a_visit, killed, rebound, power_cut, fetching, removed,
)


async def play(door: Door) -> list[str]:
    """Plays the checks in order, and gives the names of those that failed."""
    failed = []
    for check in CHECKS:
        began = time.monotonic()
        try:
            verdict, remark = 'holds', await check(door)
        except (Unmet, Failed, TimeoutError) as unmet:
            verdict, remark = 'FAILS', f'{unmet}'
            failed.append(check.__name__)
            _, log = await door.machine.attempt('journalctl --no-pager --output short-monotonic --lines 40')
            remark += f'\n{log}'
        print(f'{verdict}  {check.__name__} ({time.monotonic() - began:.0f} s): {remark}', flush=True)
    return failed


async def run(options: argparse.Namespace) -> int:
    options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='kiosk-service-') as directory:
        air = radio.Air()
        machine = Machine(options.made, options.tools, Path(directory))
        await air.listen(str(Path(directory) / 'radio'))
        sender = asyncio.create_task(air.send())
        door = Door(machine, air, options.pictures)
        try:
            await door.boot()
            failed = await play(door)
        finally:
            sender.cancel()
            await machine.cut_power()
            console = Path(directory) / 'console.log'
            (options.pictures / 'console.log').write_bytes(console.read_bytes() if console.exists() else b'')
    if failed:
        print(f'service: failed: {", ".join(failed)}')
        return 1
    print('service: everything holds')
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--made', type=Path, required=True, help='where tests/service/prepare has put the disk')
    parser.add_argument('--tools', type=Path, required=True, help='QEMU, unpacked')
    parser.add_argument('--pictures', type=Path, required=True, help='where the pictures of the glass go')
    options = parser.parse_args()
    random.seed(1)
    return asyncio.run(run(options))


if __name__ == '__main__':
    sys.exit(main())
