"""Which scenarios there are, and which are played where."""

import door_scenarios
import fault_scenarios
import phone_scenarios
import scenarios

ALL = scenarios.ALL | door_scenarios.ALL | fault_scenarios.ALL | phone_scenarios.ALL
# The UART of the emulated Raspberry Pi carries at most 40 adverts a second.
ON_PI = {'each_network', 'iphone_read', 'adapter_lost'}
# Left out where it has to be quick: shares of the air, over a minute and more each, and what must be done
# before a slot ends, for which a busy machine is too late.
LONG = {
    'beacon_share_usual',
    'beacon_share',
    'beacon_share_of_all',
    'beacon_refused',
    'beacon_turns',
    'beacon_two_adapters',
} | (fault_scenarios.ALL.keys() | phone_scenarios.ALL.keys()) - {'scan_ended_behind', 'iphone_gone'}


def usual(architecture: str, quick: bool) -> list[str]:
    """What is played where nothing is asked for."""
    where = [name for name in ALL if architecture == 'amd64' or name in ON_PI]
    return [name for name in where if not quick or name not in LONG]
