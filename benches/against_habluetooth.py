"""How many adverts a second habluetooth, the best public tracker, takes with one thousand phones.

The counterpart of `benches/air.rs`: the same phones in the same order, the payload unchanged or
new with each advert, through the scanner's own entry point, which parses the payload and updates
the manager's history. Unlike the kiosk it is handed address and loudness ready-made rather than
the controller's bytes, looks at one thousand addresses only, and decides nothing.

    python3 -m venv /tmp/habluetooth && /tmp/habluetooth/bin/pip install habluetooth==7.1.2
    /tmp/habluetooth/bin/python benches/against_habluetooth.py
"""

import asyncio
import random
import time
from importlib.metadata import version
from itertools import cycle, islice
from statistics import median

from habluetooth import (
    BaseHaRemoteScanner,
    BluetoothManager,
    HaBluetoothConnector,
    set_manager,
)

PHONES = 1_000
ADVERTS = 100_000
RUNS = 15
MIX = 0x9E37_79B9_7F4A_7C15


class Manager(BluetoothManager):
    """A manager that does nothing more with what it has taken in."""

    def _discover_service_info(self, service_info):
        pass


def payload(phone, number, changing):
    """The AD structures of one advert, as `tests/support/stream.rs` makes them."""
    mixed = (number * MIX % 2**64).to_bytes(8, "big")
    identifier = number.to_bytes(4, "big") + mixed + bytes(4)
    flags = bytes([2, 1, 0x1A])
    if phone % 10 < 6:
        return flags + bytes([3, 3, 0x6F, 0xFD, 23, 0x16, 0x6F, 0xFD]) + identifier + bytes(4)
    if phone % 10 == 9 and not changing:
        return flags + bytes([17, 7]) + (0x00004E5673F54BC4A12F17D1AD07A667).to_bytes(16, "little")
    return flags + bytes([15, 0xFF, 0xB5, 0x22]) + identifier[:12] + bytes([3, 3, 0x56, 0x4E])


def stream(changing):
    """Address, loudness and payload of each advert."""
    rng = random.Random(2_020)
    addresses = [f"5A:11:00:00:{phone >> 8:02X}:{phone & 255:02X}" for phone in range(PHONES)]
    return [
        (
            addresses[phone],
            rng.randrange(-98, -78),
            payload(phone, turn * PHONES + phone if changing else phone, changing),
        )
        for turn in range(66 if changing else 16)
        for phone in range(PHONES)
    ]


def run(scanner, adverts, now):
    """Hears the adverts; returns how long that took."""
    hear = scanner._async_on_raw_advertisement  # What scanners of this library call.
    details = {}
    begun = time.perf_counter()
    for address, rssi, data in adverts:
        hear(address, rssi, data, details, now)
        now += 0.00027
    return time.perf_counter() - begun, now


async def main():
    print(f"habluetooth {version('habluetooth')}, {PHONES} phones\n")
    print("| payloads | million/s, best of 15 | median |\n|---|---|---|")
    for name, changing in (("unchanged", False), ("new with each advert", True)):
        manager = Manager()
        set_manager(manager)
        await manager.async_setup()
        connector = HaBluetoothConnector(None, "bench", lambda: False)
        scanner = BaseHaRemoteScanner("bench", "bench", connector, True)
        unregister = manager.async_register_scanner(scanner)
        adverts = cycle(stream(changing))
        now = time.monotonic()
        _, now = run(scanner, islice(adverts, ADVERTS), now)
        times = []
        for _ in range(RUNS):
            took, now = run(scanner, islice(adverts, ADVERTS), now)
            times.append(took)
        assert len(scanner.discovered_devices) == PHONES
        rates = [f"{ADVERTS / took / 1e6:.2f}" for took in (min(times), median(times))]
        print(f"| {name} | {' | '.join(rates)} |")
        unregister()
        manager.async_stop()


asyncio.run(main())
