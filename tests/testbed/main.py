"""Boots the guest, plays the scenarios one after the other, and says what held and what did not."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

import plays
from bed import Bed, Unmet


async def play(bed: Bed, chosen: list[str]) -> list[str]:
    """Plays these scenarios and gives the names of those that failed."""
    failed = []
    for name in chosen:
        began = time.monotonic()
        try:
            await bed.fresh()
            remark = await plays.ALL[name](bed)
            verdict = 'holds'
        except Unmet as unmet:
            verdict, remark = 'FAILS', str(unmet)
        except Exception:
            verdict, remark = 'FAILS', traceback.format_exc()
        if verdict == 'FAILS':
            failed.append(name)
            remark += await bed.post_mortem()
        print(f'{verdict}  {name} ({time.monotonic() - began:.0f} s): {remark}', flush=True)
    return failed


async def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix='kiosk-testbed-') as directory:
        bed = Bed(options, Path(directory))
        try:
            await bed.start()
            print(f'the guest is up after {bed.guest.boot_seconds:.0f} s', flush=True)
            failed = await play(bed, options.only or plays.usual(options.architecture, options.quick))
        finally:
            await bed.stop()
    if failed:
        print(f'testbed: failed: {", ".join(failed)} (seed {options.seed})')
        return 1
    print('testbed: all scenarios hold')
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('architecture', choices=('amd64', 'arm64'))
    parser.add_argument('--bed', type=Path, required=True, help='where tests/testbed/prepare has put everything')
    parser.add_argument('--kiosk', type=Path, required=True, help='the program that listens in the guest')
    parser.add_argument('--only', action='append', choices=list(plays.ALL), help='play this scenario; may be repeated')
    parser.add_argument('--quick', action='store_true', help='leave out what takes long')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 32), help='of ids, addresses and levels')
    parser.add_argument('--phones', type=int, default=300, help='how many are in the crowd')
    parser.add_argument('--interval', type=float, default=1.0, help='seconds between the adverts of one of them')
    parser.add_argument('--rotate', type=float, default=15.0, help='seconds until one of them takes a new address and id')
    parser.add_argument('--verbose', action='store_true', help='show what bumble does')
    options = parser.parse_args()
    random.seed(options.seed)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.CRITICAL)
    return asyncio.run(run(options))


if __name__ == '__main__':
    sys.exit(main())
