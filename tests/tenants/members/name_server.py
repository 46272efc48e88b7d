"""A name server on this machine: it answers with the texts a test publishes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer(socketserver.UDPServer):
    """Texts by domain; None has the server say that it cannot tell, and a domain it lacks is none."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.texts: dict[str, list[str] | None] = {}
        self.asked: list[str] = []


class Question(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        wire, socket = self.request
        query = dns.message.from_wire(wire)
        name = query.question[0].name
        domain = name.to_text(omit_final_dot=True)
        self.server.asked.append(domain)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self.server.texts.get(domain, [])
        if domain not in self.server.texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts is None:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts:
            quoted = [f'"{text}"' for text in texts]
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *quoted))
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server() -> Iterator[NameServer]:
    with NameServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
