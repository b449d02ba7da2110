"""What each contact network puts on the air, as its phones do: the adverts, byte for byte.

Written from the networks' own specifications, without a look at the kiosk's readers, so that a
fault in those is not repeated here. Ids are random; the kiosk has no way to tell.
"""

import random
import uuid

from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Service

from radio import CONNECTABLE, NOT_CONNECTABLE, Phone

# Types of an advert's structures (Bluetooth Assigned Numbers, 2.3).
FLAGS, SOME_16, ALL_16, ALL_128, NAME, TX_POWER, SERVICE_DATA, MANUFACTURER = 1, 2, 3, 7, 9, 0x0A, 0x16, 0xFF

ANDROID_FLAGS = (FLAGS, b'\x02')
IPHONE_FLAGS = (FLAGS, b'\x1a')

BLUEZONE = uuid.UUID('00004e56-73f5-4bc4-a12f-17d1ad07a667')
BLUEZONE_ID = uuid.UUID('00004e56-73f5-4bc4-a12f-17d1ad07a689')
BLUEZONE_FIRST = uuid.UUID('e20a39f4-73f5-4bc4-a12f-17d1ad07a889')
BLUETRACE = uuid.UUID('b82ab3fc-1595-4f6a-80f0-fe094cc218f9')
OPENTRACE = uuid.UUID('a6ba4286-c550-4794-a888-9467ef0b31a8')
ABTRACE = uuid.UUID('70f34cb2-8882-11ea-bc55-0242ac130003')
SONAR = uuid.UUID('c1f5983c-fa94-4ac8-8e2e-bb86d6de9b21')
HERALD_OLD = uuid.UUID('428132af-4746-42d3-801e-4572d65bfd9b')
APPLE = 0x004C


def advert(*structures: tuple[int, bytes]) -> bytes:
    """Puts the structures one after the other, as they may stand in 31 bytes."""
    data = b''.join(bytes([len(body) + 1, kind]) + body for kind, body in structures)
    assert len(data) <= 31, f'{len(data)} bytes do not fit a legacy advert'
    return data


def short(number: int) -> bytes:
    return number.to_bytes(2, 'little')


def service_data(number: int, body: bytes) -> tuple[int, bytes]:
    return SERVICE_DATA, short(number) + body


def manufacturer(company: int, body: bytes) -> tuple[int, bytes]:
    return MANUFACTURER, short(company) + body


def service(identifier: uuid.UUID) -> tuple[int, bytes]:
    return ALL_128, identifier.bytes[::-1]


# Exposure Notification (Google and Apple): cannot be connected to, no response.


def gaen(**how) -> Phone:
    return Phone(
        lambda: advert((ALL_16, short(0xFD6F)), service_data(0xFD6F, random.randbytes(20))), interval=0.27, **how
    )


# Bluezone. Android shows the id; an iPhone only the service, and in the background a bit of Apple's.


def bluezone_android(**how) -> Phone:
    return Phone(
        lambda: advert(ANDROID_FLAGS, manufacturer(0x22B5, random.randbytes(12)), (ALL_16, short(0x4E56))),
        kind=CONNECTABLE,
        interval=0.1,
        **how,
    )


def bluezone_first(**how) -> Phone:
    """The first generation: six letters and digits that never changed."""
    name = ''.join(random.choices('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', k=6))
    return Phone(
        advert(ANDROID_FLAGS, manufacturer(0x22B5, name.encode()), service(BLUEZONE_FIRST)), kind=CONNECTABLE, **how
    )


class Bluezone(Service):
    """What an iPhone with Bluezone serves: its id, to be read by anybody.

    A phone that refuses wants the link encrypted first, for which the two would have to pair.
    """

    def __init__(self, refuses: bool = False) -> None:
        self.id = random.randbytes(12)
        self.reads = 0
        super().__init__(
            UUID(str(BLUEZONE)),
            [
                Characteristic(
                    UUID(str(BLUEZONE_ID)),
                    Characteristic.Properties.READ,
                    Characteristic.READ_REQUIRES_ENCRYPTION if refuses else Characteristic.READABLE,
                    CharacteristicValue(read=self.read),
                )
            ],
        )

    def read(self, _connection) -> bytes:
        self.reads += 1
        return self.id


def bluezone_iphone(**how) -> Phone:
    """An app on the screen: the service in the advert, the name in the scan response."""
    return Phone(
        advert(IPHONE_FLAGS, (TX_POWER, b'\x0c'), service(BLUEZONE)),
        kind=CONNECTABLE,
        response=advert((NAME, b'Bluezone')),
        **how,
    )


def bluezone_iphone_behind(**how) -> Phone:
    """An app in the background: the iPhone folds its services into a bitmap, after another of
    Apple's structures."""
    return Phone(
        advert(manufacturer(APPLE, b'\x10\x02\x0b\x00'), manufacturer(APPLE, b'\x01\x08' + bytes(15))),
        kind=CONNECTABLE,
        **how,
    )


# Networks whose id is in the advert.


def dp3t(**how) -> Phone:
    """The id is in the scan response, so only an active scan finds it."""
    return Phone(
        advert(ANDROID_FLAGS, (TX_POWER, b'\xf9'), (ALL_16, short(0xFD68))),
        kind=CONNECTABLE,
        response=advert(service_data(0xFD68, random.randbytes(16))),
        **how,
    )


def robert(**how) -> Phone:
    return Phone(
        lambda: advert(ANDROID_FLAGS, (ALL_16, short(0xFD64)), service_data(0xFD64, random.randbytes(16) + b'\x02\xf5')),
        kind=CONNECTABLE,
        **how,
    )


def token(**how) -> Phone:
    """A TraceTogether token; the last two bytes are its version and kind."""
    return Phone(
        lambda: advert((FLAGS, b'\x06'), (ALL_16, b'\xff\xff'), service_data(0xFFFF, random.randbytes(18) + b'\x38\x33')),
        interval=0.087,
        **how,
    )


# Networks that show only that they are there.


def bluetrace(identifier: uuid.UUID = BLUETRACE, **how) -> Phone:
    """TraceTogether and its kin: the service, and three letters that change with each run."""
    letters = f'{random.randrange(0x1000):03x}'.encode()
    return Phone(
        advert(ANDROID_FLAGS, (TX_POWER, b'\xf9'), service(identifier), manufacturer(0x03FF, letters)),
        kind=CONNECTABLE,
        **how,
    )


def covidsafe(**how) -> Phone:
    """COVIDSafe from 2.0 on: BlueTrace's service with Herald's address in it."""
    return Phone(
        advert(ANDROID_FLAGS, service(BLUETRACE), manufacturer(0xFFFA, random.randbytes(6))), kind=CONNECTABLE, **how
    )


def sonar(**how) -> Phone:
    return Phone(
        advert(ANDROID_FLAGS, service(SONAR), (TX_POWER, b'\xf9'), manufacturer(0x00E0, b'')), kind=CONNECTABLE, **how
    )


def herald(**how) -> Phone:
    return Phone(
        advert(ANDROID_FLAGS, (ALL_16, short(0xFCF6)), manufacturer(0x05F1, random.randbytes(6))),
        kind=CONNECTABLE,
        **how,
    )


def herald_old(**how) -> Phone:
    return Phone(
        advert(ANDROID_FLAGS, service(HERALD_OLD), manufacturer(0xFFFA, random.randbytes(6))), kind=CONNECTABLE, **how
    )


# No contact network at all.


def headset(**how) -> Phone:
    return Phone(advert((FLAGS, b'\x06'), (SOME_16, short(0x180F)), (NAME, b'Headset')), kind=CONNECTABLE, **how)


def beacon(**how) -> Phone:
    """An iBeacon, of Apple's company as well."""
    return Phone(
        advert((FLAGS, b'\x06'), manufacturer(APPLE, b'\x02\x15' + random.randbytes(16) + b'\0\1\0\2\xc5')),
        kind=NOT_CONNECTABLE,
        **how,
    )
