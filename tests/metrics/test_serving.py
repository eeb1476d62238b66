"""A process without pages tells its metrics too."""

from __future__ import annotations

import http.client

from webmail.metrics.serving import serve


def test_it_answers_on_this_machine_alone() -> None:
    answered: list[int] = []
    server = serve(0, after=lambda: answered.append(1))
    try:
        assert server.server_address[0] == "127.0.0.1"
        for path, status in (("/metrics", 200), ("/", 404)):
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            assert answer.status == status
            assert (b"# TYPE ekorn_sends_total counter" in body) is (status == 200)
        assert answered == [1]
    finally:
        server.shutdown()
        server.server_close()
