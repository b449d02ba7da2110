"""The guest as a machine: QEMU with a disk, a display, a touch panel and a keyboard."""

import asyncio
import json
import time
from pathlib import Path

# Ends each answer of the guest's; the exit code follows, then a new line (guest/control).
ANSWER = b'\n\x1e'

# Pixels of the emulated display.
WIDTH, HEIGHT = 1280, 800

# Its clock is the emulated timer's: the processor's, measured while the host is busy, runs several
# times too fast, and every timeout of systemd with it.
KERNEL = (
    'root=/dev/vda rw console=ttyS0 quiet loglevel=4 panic=-1 random.trust_cpu=on cryptomgr.notests '
    'tsc=unstable clocksource=hpet mitigations=off systemd.getty_auto=no'
)


class Failed(Exception):
    """A command in the guest, or the guest itself, has failed."""


class Machine:
    """One that can be switched on, cut off from power and switched on again: `made` holds its disk."""

    def __init__(self, made: Path, tools: Path, directory: Path) -> None:
        self.made, self.tools, self.directory = made, tools, directory
        self.process: asyncio.subprocess.Process | None = None

    def command(self) -> list[str]:
        """QEMU out of its unpacked package, with the libraries it came with."""
        libraries, run = self.tools / 'usr/lib/x86_64-linux-gnu', self.directory
        arguments = (
            '-M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -display none -no-reboot '
            f'-drive file={self.made}/disk.ext4,if=virtio,format=raw -device virtio-rng-pci '
            f'-device virtio-gpu-pci,xres={WIDTH},yres={HEIGHT} -device virtio-tablet-pci -device virtio-keyboard-pci '
            f'-serial file:{run}/console.log -device virtio-serial-pci '
            '-device virtconsole,chardev=control -device virtconsole,chardev=radio '
            f'-chardev socket,id=control,path={run}/control -chardev socket,id=radio,path={run}/radio '
            f'-qmp unix:{run}/qmp,server=on,wait=off'
        )
        return [
            *(libraries / 'ld-linux-x86-64.so.2', '--library-path', libraries),
            self.tools / 'usr/bin/qemu-system-x86_64',
            *('-L', self.tools / 'usr/share/qemu', '-L', self.tools / 'usr/share/seabios'),
            *arguments.split(),
            *('-kernel', self.made / 'kernel', '-initrd', self.made / 'initrd', '-append', KERNEL),
        ]

    async def switch_on(self, seconds: float = 600) -> float:
        """Boots, and gives the seconds until the guest answers."""
        connected = asyncio.get_running_loop().create_future()
        (self.directory / 'control').unlink(missing_ok=True)
        server = await asyncio.start_unix_server(
            lambda *streams: connected.set_result(streams), str(self.directory / 'control'), limit=1 << 20
        )
        began = time.monotonic()
        environment = {'QEMU_MODULE_DIR': self.tools / 'usr/lib/x86_64-linux-gnu/qemu'}
        self.process = await asyncio.create_subprocess_exec(
            *self.command(), stdin=asyncio.subprocess.DEVNULL, env=environment
        )
        self.reader, self.writer = await asyncio.wait_for(connected, 60)
        server.close()
        await asyncio.wait_for(self.answer(), seconds)
        monitor, self.monitor = await asyncio.open_unix_connection(str(self.directory / 'qmp'))
        self.said = monitor
        await self.said.readline()
        await self.order('qmp_capabilities')
        return time.monotonic() - began

    async def cut_power(self) -> None:
        """The guest ends between two instructions; what it had not written is lost."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def answer(self) -> tuple[int, str]:
        try:
            text = await self.reader.readuntil(ANSWER)
            code = await self.reader.readline()
        except asyncio.IncompleteReadError as error:
            raise Failed(f'the guest has ended: {error.partial.decode(errors="replace")}') from None
        return int(code), text[: -len(ANSWER)].decode(errors='replace').strip()

    async def attempt(self, line: str, seconds: float = 180) -> tuple[int, str]:
        """Runs one line of shell in the guest and gives its exit code and what it printed."""
        self.writer.write(line.encode() + b'\n')
        try:
            return await asyncio.wait_for(self.answer(), seconds)
        except TimeoutError:
            raise Failed(f'{line!r} was not answered within {seconds:.0f} s') from None

    async def run(self, line: str, seconds: float = 180) -> str:
        code, text = await self.attempt(line, seconds)
        if code:
            raise Failed(f'{line!r} ended with {code}: {text}')
        return text

    async def order(self, name: str, **arguments) -> None:
        """Gives QEMU an order (its QMP), and waits until it is done."""
        order = {'execute': name} | ({'arguments': arguments} if arguments else {})
        self.monitor.write(json.dumps(order).encode() + b'\n')
        while True:
            said = json.loads(await asyncio.wait_for(self.said.readline(), 60))
            if 'error' in said:
                raise Failed(f'{name}: {said["error"]["desc"]}')
            if 'return' in said:
                return

    async def picture(self, path: Path) -> None:
        """What stands on the glass."""
        await self.order('screendump', filename=str(path), format='png')

    async def touch(self, x: int, y: int) -> None:
        """A finger at this pixel, for a moment."""
        for axis, place, extent in (('x', x, WIDTH), ('y', y, HEIGHT)):
            at = {'type': 'abs', 'data': {'axis': axis, 'value': place * 0x7FFF // extent}}
            await self.order('input-send-event', events=[at])
        for down in (True, False):
            await asyncio.sleep(0.3)
            press = {'type': 'btn', 'data': {'down': down, 'button': 'left'}}
            await self.order('input-send-event', events=[press])

    async def type(self, keys: str) -> None:
        """Keys of the keyboard, by QEMU's names of them, with blanks between."""
        for key in keys.split():
            await self.order('send-key', keys=[{'type': 'qcode', 'data': key}])
            await asyncio.sleep(0.4)
