"""What the kiosk itself puts on the air, as the phones around it hear it, and a phone that connects.

Written from the networks' own specifications, without a look at the kiosk's code, so that a fault in
that is not repeated here.
"""

import asyncio
import hashlib
import hmac
import random
import statistics
from dataclasses import dataclass, field

from bumble import controller, hci, ll
from bumble.core import UUID
from bumble.device import Device, DeviceConfiguration, Peer
from bumble.gatt import Characteristic, Service
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import phones
import radio

CONNECTABLE, NOT_CONNECTABLE = 0, 3
DAY = 86400
WAKE = bytes.fromhex('4c000215c7afef7b17884f4aa87d691d53bf21c400140014c5')


def structures(data: bytes) -> dict[int, bytes]:
    """The structures of an advert by their type."""
    found, rest = {}, data
    while rest and rest[0]:
        found[rest[1]], rest = rest[2 : rest[0] + 1], rest[rest[0] + 1 :]
    return found


# Which id a secret gives at a moment.


def chained(base: bytes, begins: int, at: float) -> bytes:
    """The key of a day in a chain of SHA-256, as Bluezone and DP-3T have it."""
    for _ in range((int(at) - begins) // DAY):
        base = hashlib.sha256(base).digest()
    return base


def bluezone(base: bytes, begins: int, at: float) -> bytes:
    slot = hashlib.sha256(chained(base, begins, at) + b'bluzonesubkey').digest()
    for _ in range(int(at) % DAY // 900):
        slot = hashlib.sha256(slot).digest()
    return bytes(slot[place] for place in (0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30))


def hkdf(key: bytes, info: bytes, length: int = 16) -> bytes:
    prk = hmac.digest(bytes(32), key, 'sha256')
    return hmac.digest(prk, info + b'\x01', 'sha256')[:length]


def block(key: bytes, plain: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(plain)


def gaen(base: bytes, at: float) -> bytes:
    """The service data of Exposure Notification; the kiosk draws the key of a day like this."""
    day_key = hkdf(base, b'kiosk temporary exposure key' + (int(at) // DAY).to_bytes(8, 'big'))
    interval = (int(at) // 600).to_bytes(4, 'little')
    rpi = block(hkdf(day_key, b'EN-RPIK'), b'EN-RPI' + bytes(6) + interval)
    pad = block(hkdf(day_key, b'EN-AEMK'), rpi)
    return rpi + bytes(a ^ b for a, b in zip(b'\x40\x00\x00\x00', pad))


def dp3t(base: bytes, begins: int, at: float) -> set[bytes]:
    """The ids of DP-3T's day, whose order is the sender's own."""
    stream = hmac.digest(chained(base, begins, at), b'broadcast key', 'sha256')
    keystream = Cipher(algorithms.AES(stream), modes.CTR(bytes(16))).encryptor().update(bytes(96 * 16))
    return {keystream[place : place + 16] for place in range(0, len(keystream), 16)}


@dataclass
class Heard:
    """One advert of the kiosk's."""

    at: float
    address: str
    kind: int
    data: bytes
    structures: dict[int, bytes] = field(default_factory=dict)

    def part(self) -> str:
        """Which part it is."""
        makers = self.structures.get(phones.MANUFACTURER, b'')
        if makers == WAKE:
            return 'wake'
        listed = self.structures.get(phones.ALL_16, b'')
        names = {0x4E56: 'bluezone', 0xFD6F: 'gaen', 0xFD68: 'dp3t', 0xFCF6: 'herald'}
        return names.get(int.from_bytes(listed, 'little'), 'unknown')


@dataclass
class Advertiser(controller.LegacyAdvertiser):
    """Sends every kind of advert, at the longest interval it is given, in units of 0.625 ms and with
    the specification's delay of up to 10 ms. Of bumble's, only connectable ones are sent, and the
    interval is taken for milliseconds."""

    began: float | None = None

    def start(self) -> None:
        super().start()
        self.began = asyncio.get_running_loop().time()

    def stop(self) -> None:
        self.note()
        self.began = None
        super().stop()

    def note(self) -> None:
        """The present data has been on the air until now."""
        now = asyncio.get_running_loop().time()
        if self.began is not None:
            sent = Heard(self.began, str(self.address), int(self.advertising_type), bytes(self.advertising_data))
            sent.structures = structures(sent.data)
            self.controller.periods.append((sent, now, self.advertising_interval_max * 0.000625))
            self.began = now

    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        interval = self.advertising_interval_max * 0.000625 + random.random() * 0.01
        self.timer_handle = asyncio.get_running_loop().call_later(interval, self._on_timer_fired)

    def send_advertising_data(self) -> None:
        if self.enabled:
            self.controller.is_heard(self)


class Adapter(radio.Adapter):
    """A controller whose own adverts are heard, and as strict as the specification wants it: the
    random address cannot be changed while it scans or advertises (volume 4, part E, 7.8.4). Of
    bumble's it can."""

    strict = True

    def __init__(self, air: radio.Air, duplicates: str) -> None:
        super().__init__(air, duplicates)
        self.le_legacy_advertiser = Advertiser(self)
        self.heard: list[Heard] = []
        # What was switched on, until when, and the seconds from one advert to the next.
        self.periods: list[tuple[Heard, float, float]] = []
        self.callers: list[controller.Controller] = []
        self.refused = 0

    def on_hci_reset_command(self, command):
        self.le_legacy_advertiser.stop()
        return super().on_hci_reset_command(command)

    def on_hci_le_set_advertising_data_command(self, command):
        # It may be changed while it is on the air.
        self.le_legacy_advertiser.note()
        return super().on_hci_le_set_advertising_data_command(command)

    def on_hci_le_set_random_address_command(self, command):
        if self.strict and (self.le_scan_enable or self.le_legacy_advertiser.enabled):
            self.refused += 1
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        return super().on_hci_le_set_random_address_command(command)

    def is_heard(self, sends: Advertiser) -> None:
        loop = asyncio.get_running_loop()
        data = bytes(sends.advertising_data)
        heard = Heard(loop.time(), str(sends.address), int(sends.advertising_type), data, structures(data))
        self.heard.append(heard)
        self.link.overhears(self, heard, sends.address)
        if heard.kind == CONNECTABLE:
            for caller in self.callers:
                loop.call_soon(caller.on_ll_advertising_pdu, ll.AdvInd(sends.address, data))

    def since(self, at: float) -> list[Heard]:
        return [heard for heard in self.heard if heard.at >= at]


class SecondAdapter(Adapter):
    """Another one, with an address of its own."""

    def __init__(self, air: radio.Air, duplicates: str) -> None:
        super().__init__(air, duplicates)
        self.public_address = hci.Address('B8:27:EB:00:00:02', hci.Address.PUBLIC_DEVICE_ADDRESS)


class SecondSocket(radio.Socket):
    """Where the second adapter is plugged in."""

    kind = SecondAdapter


def share(adapter: Adapter, part: str, began: float) -> float:
    """The part of the time since then in which this part was switched on, to be sent every 300 ms or
    more often. By what the controller was told: how late a busy machine lets the simulated one send is
    not the kiosk's doing."""
    adapter.le_legacy_advertiser.note()
    now = asyncio.get_running_loop().time()
    on = sum(
        min(end, now) - max(sent.at, began)
        for sent, end, apart in adapter.periods
        if end > began and sent.part() == part and apart <= 0.3
    )
    return on / (now - began)


def interval(heard: list[Heard], part: str) -> float:
    """The usual time from one advert of this part to the next, in seconds."""
    times = [each.at for each in heard if each.part() == part]
    return statistics.median([after - before for before, after in zip(times, times[1:])] or [float('inf')])


async def read(air: radio.Air, adapter: Adapter, service: str, characteristic: str) -> bytes:
    """Connects as a phone does and reads one value. It has a battery like an iPhone, of which it tells nobody it is
    not paired with; whether it was asked to pair, the adapter counts."""
    address = hci.Address(radio.random_address(), hci.Address.RANDOM_DEVICE_ADDRESS)
    far = controller.Controller('caller', link=air, public_address='00:00:00:00:00:00')
    far.random_address = address
    caller = Device(
        config=DeviceConfiguration(address=address, le_enabled=True, classic_enabled=False),
        host=Host(far, AsyncPipeSink(far)),
    )
    level = Characteristic(
        UUID.from_16_bits(0x2A19), Characteristic.Properties.READ, Characteristic.READ_REQUIRES_ENCRYPTION, b'\x40'
    )
    caller.add_service(Service(UUID.from_16_bits(0x180F), [level]))
    adapter.callers.append(far)
    try:
        await caller.power_on()
        target = next(heard for heard in reversed(adapter.heard) if heard.kind == CONNECTABLE).address
        connection = await asyncio.wait_for(caller.connect(hci.Address(target.split('/')[0], kind_of(target))), 60)
        peer = Peer(connection)
        await peer.discover_services([UUID(service)])
        [found] = peer.get_services_by_uuid(UUID(service))
        await peer.discover_characteristics([UUID(characteristic)], found)
        [place] = peer.get_characteristics_by_uuid(UUID(characteristic), found)
        value = bytes(await peer.read_value(place))
        # Time to be searched in turn.
        await asyncio.sleep(3)
        await connection.disconnect()
        return value
    finally:
        adapter.callers.remove(far)
        air.controllers -= {far}


def kind_of(address: str) -> int:
    """bumble writes a public address with /P at its end."""
    return hci.Address.PUBLIC_DEVICE_ADDRESS if address.endswith('/P') else hci.Address.RANDOM_DEVICE_ADDRESS
