"""Adapters that go wrong as real ones do, and one of Bluetooth 5."""

import struct

from bumble import hci

import door
import radio

# Events of a controller (Bluetooth Core, volume 4, part E, 7.7.16 and 7.7.65.13).
HARDWARE_ERROR, EXTENDED_REPORT = 0x10, 0x0D
# Of an extended report (7.7.65.13): what its type says, and that it belongs to no set.
AS_BEFORE_5, RESPONSE, MORE_TO_COME, NO_SET = 0x10, 0x08, 0x20, 0xFF


class Adapter(radio.Adapter):
    """One that can be made to go wrong."""

    def __init__(self, air: radio.Air, duplicates: str) -> None:
        super().__init__(air, duplicates)
        # It neither does what it is told nor answers.
        self.is_frozen = False
        # It says that it scans, and reports nothing before it is reset.
        self.is_deaf = False
        self.resets = 0
        # Commands to it since it was plugged in.
        self.commands = 0

    def on_packet(self, packet: bytes) -> None:
        self.commands += packet[0] == hci.HCI_COMMAND_PACKET
        if not self.is_frozen:
            super().on_packet(packet)

    def on_hci_reset_command(self, command):
        self.resets += 1
        self.is_deaf = False
        return super().on_hci_reset_command(command)

    def report(self, kind: int, address: bytes, data: bytes, level: int) -> bool:
        return not self.is_frozen and not self.is_deaf and super().report(kind, address, data, level)

    def event(self, code: int, body: bytes) -> None:
        """Sends an event, whatever is in it."""
        if self.host:
            self.host.on_packet(bytes([hci.HCI_EVENT_PACKET, code, len(body)]) + body)

    def fail(self) -> None:
        """Says that its hardware has failed, and has forgotten everything."""
        self.le_scan_enable = False
        self.le_connections.clear()
        self.pending_le_connection = None
        self.event(HARDWARE_ERROR, b'\x42')


class SecondAdapter(door.SecondAdapter, Adapter):
    """Another such, with an address of its own."""

    strict = False


class Modern(Adapter):
    """A controller of Bluetooth 5: extended scanning and connecting, and reports of that form."""

    def __init__(self, air: radio.Air, duplicates: str) -> None:
        super().__init__(air, duplicates)
        self.le_features |= hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        # Of bumble's, it knows these and does not say so.
        self.supported_commands = self.supported_commands | {
            hci.HCI_LE_SET_EXTENDED_SCAN_PARAMETERS_COMMAND,
            hci.HCI_LE_SET_EXTENDED_SCAN_ENABLE_COMMAND,
            hci.HCI_LE_EXTENDED_CREATE_CONNECTION_COMMAND,
        }

    def on_hci_le_set_extended_scan_parameters_command(self, command):
        # Of bumble's, it never scans actively.
        self.le_scan_type = command.scan_types[0]
        return super().on_hci_le_set_extended_scan_parameters_command(command)

    def on_hci_le_set_extended_scan_enable_command(self, command):
        self.scan_is_to_be(bool(command.enable))
        return super().on_hci_le_set_extended_scan_enable_command(command)

    def send_hci_packet(self, packet) -> None:
        # Of bumble's, it tells of a connection as a controller does that knows Bluetooth 4 alone.
        if isinstance(packet, hci.HCI_LE_Connection_Complete_Event):
            packet = hci.HCI_LE_Enhanced_Connection_Complete_Event(
                status=packet.status,
                connection_handle=packet.connection_handle,
                role=packet.role,
                peer_address_type=packet.peer_address_type,
                peer_address=packet.peer_address,
                local_resolvable_private_address=hci.Address.ANY,
                peer_resolvable_private_address=hci.Address.ANY,
                connection_interval=packet.connection_interval,
                peripheral_latency=packet.peripheral_latency,
                supervision_timeout=packet.supervision_timeout,
                central_clock_accuracy=packet.central_clock_accuracy,
            )
        super().send_hci_packet(packet)

    def put(self, kind: int, address: bytes, data: bytes, level: int) -> None:
        # By the kind of a report of Bluetooth 4, what an extended one says of it (table in 7.7.65.13).
        types = {
            radio.CONNECTABLE: 0x03,
            radio.SCANNABLE: 0x02,
            radio.NOT_CONNECTABLE: 0,
            radio.SCAN_RESPONSE: RESPONSE | 0x03,
        }
        self.extended(types[kind] | AS_BEFORE_5, address, NO_SET, data, level)

    def extended(self, kind: int, address: bytes, number: int, data: bytes, level: int) -> None:
        head = struct.pack('<BHB6sBBBbbHB6sB', 1, kind, 1, address, 1, 0, number, 127, level, 0, 0, bytes(6), len(data))
        self.event(hci.HCI_LE_META_EVENT, bytes([EXTENDED_REPORT]) + head + data)

    def long(self, address: bytes, data: bytes, level: int, piece_bytes: int) -> None:
        """An advert of Bluetooth 5 arrives, in as many events as it takes."""
        while len(data) > piece_bytes:
            self.extended(MORE_TO_COME, address, 1, data[:piece_bytes], level)
            data = data[piece_bytes:]
        self.extended(0, address, 1, data, level)
