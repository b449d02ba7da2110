"""The air: simulated phones, and the kiosk's Bluetooth controller, which hears them.

The far end of the guest's serial line. Adverts are put on the air here, byte for byte and with a
level of the scenario's choosing; connections are bumble's. What bumble's controller does otherwise
than a real one, and matters here, is put right in `Adapter` and `Air`, each with its reason.
"""

import asyncio
import heapq
import itertools
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from bumble import controller, hci, link, ll
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Service
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

# Types of an advertising report (Bluetooth Core, volume 4, part E, 7.7.65.2).
CONNECTABLE, SCANNABLE, NOT_CONNECTABLE, SCAN_RESPONSE = 0, 2, 3, 4

# After the length of the packet: the channel of the Security Manager, and the codes with which who has connected and
# who was connected to begin to pair (volume 3, part H, 3.5.1 and 3.6.7).
BEGINS_TO_PAIR = (b'\x06\x00\x01', b'\x06\x00\x0b')


def random_address() -> bytes:
    """A resolvable private address as phones use, in the order of the air, lowest byte first."""
    address = bytearray(random.randbytes(6))
    address[5] = address[5] & 0x3F | 0x40
    return bytes(address)


@dataclass
class Phone:
    """One advertiser: what it sends, how often, how loud it arrives."""

    data: Callable[[], bytes] | bytes
    rssi: Callable[[], int] | int = -60
    kind: int = NOT_CONNECTABLE
    response: bytes = b''
    interval: float = 0.25
    # After so many seconds it takes a new address and asks `data` anew.
    rotate: float = float('inf')
    # What it serves when connected to; it needs a connectable kind.
    services: list[Service] = field(default_factory=list)
    # Whether it asks whoever has connected for a safer connection (volume 3, part H, 2.4.6).
    asks_for_security: bool = False

    address: bytes = field(default_factory=random_address)
    # Adverts that the kiosk's controller has passed on, without scan responses.
    passed_on: int = 0
    # How often it has been connected to, and asked to pair.
    connections: int = 0
    pairings: int = 0
    payload: bytes = b''
    next_rotation: float = 0
    bumble: Device | None = None
    far: controller.Controller | None = None

    def level(self) -> int:
        return self.rssi() if callable(self.rssi) else self.rssi

    def turn(self, now: float) -> None:
        """Takes a new payload, and from the second time on a new address."""
        if self.payload:
            self.address = random_address()
            if self.bumble:
                self.far.random_address = hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS)
        self.payload = self.data() if callable(self.data) else self.data
        self.next_rotation = now + self.rotate

    def is_advertising(self) -> bool:
        """A phone stops while it is connected to."""
        return self.bumble is None or self.bumble.is_advertising


class Adapter(controller.Controller):
    """The kiosk's controller, as the Raspberry Pi's: legacy advertising only.

    `duplicates` is how it obeys a host that wants duplicates filtered: 'all' passes everything on
    all the same, 'address' passes one report of each address and type until scanning restarts.
    """

    def __init__(self, air: 'Air', duplicates: str) -> None:
        super().__init__(
            'kiosk', link=air, public_address=hci.Address('B8:27:EB:00:00:01', hci.Address.PUBLIC_DEVICE_ADDRESS)
        )
        self.duplicates = duplicates
        self.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        self.le_features &= ~hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
        # Of bumble's, it says that it resolves private addresses, and then tells of a connection as one
        # that does not: Linux waits 4 s for the right event, and does nothing else meanwhile.
        self.le_features &= ~hci.LeFeatureMask.LL_PRIVACY
        self.reported: set[tuple[int, bytes]] = set()
        # When scanning ended last, and for how many seconds it has rested since it first began.
        self.scan_ended: float | None = None
        self.rested = 0.0
        # Packets of the Security Manager by which the kiosk has asked a phone to pair.
        self.asked_to_pair = 0

    def on_hci_reset_command(self, command):
        # Of bumble's, scanning and connections survive a reset.
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.le_connections.clear()
        return super().on_hci_reset_command(command)

    def on_hci_le_set_scan_enable_command(self, command):
        self.scan_is_to_be(bool(command.le_scan_enable))
        return super().on_hci_le_set_scan_enable_command(command)

    def scan_is_to_be(self, on: bool) -> None:
        """The host has asked for a change."""
        self.reported.clear()
        now = asyncio.get_running_loop().time()
        if on and self.scan_ended:
            self.rested += now - self.scan_ended
            self.scan_ended = None
        elif self.le_scan_enable and not on:
            self.scan_ended = now

    def on_hci_le_create_connection_cancel_command(self, command):
        # Of bumble's, the attempt goes on, and the host is never told that it has ended.
        if pending := self.pending_le_connection:
            self.pending_le_connection = None
            self.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                    connection_handle=0,
                    role=hci.Role.CENTRAL,
                    peer_address_type=pending.peer_address_type,
                    peer_address=pending.peer_address,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return super().on_hci_le_create_connection_cancel_command(command)

    def hear(self, phone: Phone) -> None:
        """An advert of this phone arrives. Of bumble's, it arrives with one level for all, of one type."""
        level = phone.level()
        if self.le_scan_enable:
            passed_on = self.report(phone.kind, phone.address, phone.payload, level)
            phone.passed_on += passed_on and self is self.link.adapter
            if phone.response and self.le_scan_type == 1:
                self.report(SCAN_RESPONSE, phone.address, phone.response, level)
        wanted = self.pending_le_connection
        if wanted and phone.bumble and bytes(wanted.peer_address) == phone.address:
            self.create_le_connection(wanted.peer_address)

    def report(self, kind: int, address: bytes, data: bytes, level: int) -> bool:
        """Tells the host of one advert from a random address, unless that is filtered."""
        if not self.host:
            return False
        if self.filter_duplicates and self.duplicates == 'address':
            if (kind, address) in self.reported:
                return False
            self.reported.add((kind, address))
        self.put(kind, address, data, level)
        return True

    def put(self, kind: int, address: bytes, data: bytes, level: int) -> None:
        """A report in its place in an event."""
        body = struct.pack('<BBBB6sB', 0x02, 1, kind, 1, address, len(data)) + data + struct.pack('<b', level)
        self.host.on_packet(bytes([hci.HCI_EVENT_PACKET, hci.HCI_LE_META_EVENT, len(body)]) + body)


class Line(asyncio.Protocol):
    """H4 packets between the guest's serial line and the adapter.

    Anything that cannot begin a packet is skipped: a UART sends a few stray bytes when its driver
    looks for it, and a line that was cut begins in the middle.
    """

    HEADERS = {hci.HCI_COMMAND_PACKET: (4, '<3xB'), hci.HCI_ACL_DATA_PACKET: (5, '<3xH')}

    def __init__(self, socket: 'Socket') -> None:
        self.socket = socket
        self.received = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.socket.line = self
        if self.socket.adapter:
            self.socket.adapter.host = self

    def data_received(self, data: bytes) -> None:
        self.received += data
        while self.received:
            if not (header := self.HEADERS.get(self.received[0])):
                del self.received[0]
                continue
            length, layout = header
            if len(self.received) < length:
                return
            end = length + struct.unpack_from(layout, self.received)[0]
            if len(self.received) < end:
                return
            packet = bytes(self.received[:end])
            del self.received[:end]
            if self.socket.adapter:
                self.socket.adapter.on_packet(packet)

    def on_packet(self, packet: bytes) -> None:
        if self.transport:
            self.transport.write(packet)


class Socket:
    """Where one adapter can be plugged in: the far end of a serial line of the guest's."""

    # What kind of adapter is plugged in.
    kind: type[Adapter] = Adapter

    def __init__(self, air: 'Air') -> None:
        self.air = air
        self.line: Line | None = None
        self.adapter: Adapter | None = None

    async def listen(self, path: str) -> None:
        """Waits on this socket for the guest's serial line."""
        await asyncio.get_running_loop().create_unix_server(lambda: Line(self), path)

    def plug(self, duplicates: str = 'all') -> None:
        """A fresh adapter at the end of the line."""
        self.unplug()
        self.adapter = self.kind(self.air, duplicates)
        self.adapter.host = self.line
        if self.line:
            self.line.received.clear()

    def unplug(self) -> None:
        """Pulls the adapter out: it says nothing any more."""
        if self.adapter:
            self.air.remove_controller(self.adapter)
            self.adapter.le_legacy_advertiser.stop()
            self.adapter.host = None
            self.adapter = None


class Air(link.LocalLink, Socket):
    """Everything that sends, and the first of the adapters that hear it."""

    def __init__(self) -> None:
        link.LocalLink.__init__(self)
        Socket.__init__(self, self)
        self.phones: list[Phone] = []
        self.due: list[tuple[float, int, Phone]] = []
        self.order = itertools.count()
        # The longest that an advert has been sent late, in seconds: above a few hundredths the
        # machine, not the kiosk, sets the rate.
        self.late = 0.0

    async def add(self, *phones: Phone) -> None:
        """Switches these phones on, each at a random moment of its interval."""
        now = asyncio.get_running_loop().time()
        for phone in phones:
            if phone.services:
                await self.serve(phone)
            phone.turn(now)
            # The phones of a crowd have not all been switched on at once.
            phone.next_rotation = now + phone.rotate * random.random() if phone.rotate < float('inf') else float('inf')
            self.phones.append(phone)
            heapq.heappush(self.due, (now + phone.interval * random.random(), next(self.order), phone))

    async def serve(self, phone: Phone) -> None:
        """Gives the phone a Bluetooth stack of its own to be connected to."""
        address = hci.Address(phone.address, hci.Address.RANDOM_DEVICE_ADDRESS)
        phone.far = controller.Controller('phone', link=self, public_address='00:00:00:00:00:00')
        phone.bumble = Device(
            config=DeviceConfiguration(address=address, le_enabled=True, classic_enabled=False),
            host=Host(phone.far, AsyncPipeSink(phone.far)),
        )
        phone.bumble.add_services(phone.services)

        def connected(connection) -> None:
            phone.connections += 1

            def asked_to_pair() -> None:
                phone.pairings += 1

            connection.on('pairing_start', asked_to_pair)
            if phone.asks_for_security:
                connection.request_pairing()

        phone.bumble.on('connection', connected)
        await phone.bumble.power_on()
        await phone.bumble.start_advertising(auto_restart=True)

    def clear(self) -> None:
        """Switches every phone off."""
        for phone in self.phones:
            self.controllers -= {phone.far}
        self.phones.clear()
        self.due.clear()
        self.late = 0.0

    async def send(self) -> None:
        """Sends every advert when it is due, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            while self.due and self.due[0][0] <= now:
                due, order, phone = heapq.heappop(self.due)
                self.late = max(self.late, now - due)
                if now >= phone.next_rotation:
                    phone.turn(now)
                if phone.is_advertising():
                    for adapter in self.adapters():
                        adapter.hear(phone)
                # Up to 10 ms at random after the interval, as the specification has it.
                heapq.heappush(self.due, (due + phone.interval + random.random() * 0.01, order, phone))
            await asyncio.sleep(0.002)

    def adapters(self) -> list[Adapter]:
        """Every adapter of the kiosk's."""
        return [each for each in self.controllers if isinstance(each, Adapter)]

    def overhears(self, sender, heard, address) -> None:
        """An advert of the kiosk's own, which its other adapters hear, very loud."""
        for adapter in self.adapters():
            if adapter is not sender and adapter.le_scan_enable:
                adapter.report(heard.kind, bytes(address), heard.data, -35)

    def send_advertising_pdu(self, sender, packet) -> None:
        # The adverts of phones are sent above; only the request to connect is bumble's.
        if isinstance(packet, ll.ConnectInd):
            super().send_advertising_pdu(sender, packet)

    def send_ll_control_pdu(self, sender_address, receiver_address, packet) -> None:
        # Whoever has gone away, or taken another address, hears nothing. Of bumble's, that is an error.
        if self.find_le_controller(receiver_address):
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def send_acl_data(self, sender, destination, transport, data) -> None:
        # bumble names the sender by its random address of the moment. A host that scans with one
        # address and connects with another is known to its peer by that of the connection.
        if isinstance(sender, Adapter) and data[2:5] in BEGINS_TO_PAIR:
            sender.asked_to_pair += 1
        connection = sender.le_connections.get(destination)
        receiver = self.find_le_controller(destination)
        if connection and receiver:
            asyncio.get_running_loop().call_soon(
                receiver.on_link_acl_data, connection.self_address, transport, data
            )
