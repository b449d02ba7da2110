"""The guest: a small Debian in QEMU, spoken to over a serial line."""

import asyncio
import time
from pathlib import Path

# Ends each answer of the guest's; the exit code follows, then a new line (guest/init).
ANSWER = b'\n\x1e'


class Failed(Exception):
    """A command in the guest, or the guest itself, has failed."""


# What QEMU emulates for each architecture: the machine, and how its serial lines are called. The
# kernel speaks on a third one, into a file. The kernel's tests of its own ciphers fail in an emulator
# now and then, and are not what is looked at.
KERNEL = 'quiet loglevel=4 panic=-1 random.trust_cpu=on cryptomgr.notests'
MACHINES = {
    'amd64': {
        'emulator': 'qemu-system-x86_64',
        'arguments': '-M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -device virtio-rng-pci '
        '-serial file:{run}/console.log -device virtio-serial-pci '
        '-device virtconsole,chardev=control -device virtconsole,chardev=radio -device virtconsole,chardev=second '
        '-chardev socket,id=control,path={run}/control -chardev socket,id=radio,path={run}/radio '
        '-chardev socket,id=second,path={run}/second',
        'kernel': f'{KERNEL} console=ttyS0 tsc=reliable mitigations=off control=hvc0 radio=hvc1 second=hvc2',
    },
    # With a thread for each core the boot takes ten times as long.
    'arm64': {
        'emulator': 'qemu-system-aarch64',
        'arguments': '-M raspi3b -accel tcg,thread=single -dtb {made}/bcm2837-rpi-3-b.dtb -monitor none '
        '-serial unix:{run}/control -serial unix:{run}/radio',
        'kernel': f'{KERNEL} 8250.nr_uarts=2 control=ttyAMA0 radio=ttyS1',
    },
}


def archive(files: dict[str, Path]) -> bytes:
    """Executable files as a cpio archive in the kernel's form (its initramfs/buffer-format.rst)."""
    members = [(name, 0o100755, path.read_bytes()) for name, path in files.items()]
    out = bytearray()
    for number, (name, mode, content) in enumerate([*members, ('TRAILER!!!', 0, b'')], start=1):
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        out += b'070701' + b''.join(b'%08X' % field for field in fields) + name.encode() + b'\0'
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return bytes(out)


class Guest:
    """One run of the guest, with `kiosk` in it, and with its sockets and logs in `directory`."""

    def __init__(self, architecture: str, bed: Path, kiosk: Path, directory: Path) -> None:
        self.architecture, self.kiosk, self.directory = architecture, kiosk, directory
        self.made, self.tools = bed / f'guest-{architecture}', bed / f'tools-{architecture}'
        self.process: asyncio.subprocess.Process | None = None
        # Seconds from starting QEMU to the first line of the guest's init.
        self.boot_seconds = 0.0

    def libraries(self) -> Path:
        return self.tools / 'usr/lib/x86_64-linux-gnu'

    def command(self) -> list[str]:
        """QEMU out of its unpacked package, with the libraries it came with."""
        machine = MACHINES[self.architecture]
        libraries = self.libraries()
        arguments = machine['arguments'].format(run=self.directory, made=self.made)
        return [
            *(libraries / 'ld-linux-x86-64.so.2', '--library-path', libraries),
            self.tools / 'usr/bin' / machine['emulator'],
            *('-L', self.tools / 'usr/share/qemu', '-L', self.tools / 'usr/share/seabios'),
            *('-display', 'none', '-no-reboot', *arguments.split()),
            *('-kernel', self.made / 'kernel', '-initrd', self.directory / 'initrd'),
            *('-append', machine['kernel']),
        ]

    async def start(self) -> None:
        here = Path(__file__).parent
        deploy = here.parents[1] / 'deploy'
        files = {
            'init': here / 'guest/init',
            'testbed/parts': here / 'guest/parts',
            'testbed/bluetooth.service': deploy / 'systemd/bluetooth.service.d/kiosk.conf',
            'usr/share/kiosk/bluetooth.conf': deploy / 'bluetooth.conf',
            'usr/bin/kiosk-ears': self.kiosk,
        }
        # The kernel takes several archives, one after the other.
        (self.directory / 'initrd').write_bytes((self.made / 'initrd').read_bytes() + archive(files))
        connected = asyncio.get_running_loop().create_future()
        server = await asyncio.start_unix_server(
            lambda *streams: connected.set_result(streams), str(self.directory / 'control'), limit=1 << 20
        )
        began = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *self.command(), stdin=asyncio.subprocess.DEVNULL, env={'QEMU_MODULE_DIR': self.libraries() / 'qemu'}
        )
        self.reader, self.writer = await asyncio.wait_for(connected, 30)
        server.close()
        await asyncio.wait_for(self.answer(), 180)
        self.boot_seconds = time.monotonic() - began

    async def answer(self) -> tuple[int, str]:
        try:
            text = await self.reader.readuntil(ANSWER)
            code = await self.reader.readline()
        except asyncio.IncompleteReadError as error:
            said = error.partial.decode(errors='replace')
            raise Failed(f'the guest has ended: {said}\n{self.kernel_log()}') from None
        return int(code), text[: -len(ANSWER)].decode(errors='replace').strip()

    async def run(self, line: str, seconds: float = 120) -> str:
        """Runs one line of shell in the guest and gives what it printed."""
        try:
            self.writer.write(line.encode() + b'\n')
            code, text = await asyncio.wait_for(self.answer(), seconds)
        except TimeoutError:
            # Whatever it may answer later would be taken for the answer to something else.
            await self.stop()
            raise Failed(f'{line!r} was not answered within {seconds:.0f} s') from None
        except ConnectionError:
            raise Failed(f'{line!r} was not heard: the guest has ended') from None
        if code:
            raise Failed(f'{line!r} ended with {code}: {text}')
        return text

    def kernel_log(self) -> str:
        """The end of what the kernel has said on the console of its own, where there is one."""
        path = self.directory / 'console.log'
        return path.read_text(errors='replace')[-2000:] if path.exists() else ''

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
