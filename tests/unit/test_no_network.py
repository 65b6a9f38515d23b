"""The tests speak to loopback alone: whoever reaches farther is stopped before the first packet."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried")
@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_elsewhere_is_not_reached(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as line, pytest.raises(SocketConnectBlockedError):
        line.connect((address, 443))


def test_loopback_is():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
