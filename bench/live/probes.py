"""Sets and removes the probes of a server through its management listener."""
import http.client
import json


class Probes:
    def __init__(self, port: int):
        self.port = port

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"content-type": "application/json"} if text else {})
            answer = connection.getresponse()
            said = answer.read()
            is_json = (answer.getheader("content-type") or "").startswith("application/json")
            return answer.status, json.loads(said) if is_json else said.decode()
        finally:
            connection.close()

    def set(self, probe: dict) -> tuple[int, str | None]:
        """The status, and the id where it was set."""
        status, said = self.ask("POST", "/live/probes", probe)
        return status, said["id"] if status == 201 else None

    def remove(self, id: str) -> int:
        return self.ask("DELETE", f"/live/probes/{id}")[0]

    def clear(self) -> int:
        return self.ask("DELETE", "/live/probes")[1]["removed"]

    def all(self) -> list[dict]:
        return self.ask("GET", "/live/probes")[1]

    def active(self) -> int:
        return sum(probe["state"] in ("active", "throttled") for probe in self.all())
