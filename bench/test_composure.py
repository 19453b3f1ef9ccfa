"""The arithmetic of the composure workloads: `python3 -m unittest` here; the load generator has its
own (`cargo test` in loadtool)."""
import argparse
import contextlib
import io
import json
import pathlib
import socket
import ssl
import tempfile
import threading
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

import certificate
from composure import articles, overload, plan, plot, report, slow_clients, targets, termination, wobble
from composure.session import Session
from server import fill, one_request


def course(bins: int, **changed) -> dict:
    """Each tenth of a second five good answers of 10 ms, but for what is changed: {bin: value}."""
    usual = {"answered": 5, "ok": 5, "refused": 0, "failed": 0, "p50_ms": 8.0, "p99_ms": 10.0, "max_ms": 10.0, "refused_max_ms": None}
    return {key: [changed.get(key, {}).get(n, value) for n in range(bins)] for key, value in usual.items()}


class Recovery(unittest.TestCase):
    def test_it_counts_until_the_second_in_which_all_is_as_usual(self):
        late = course(60, max_ms={20: 400.0, 26: 51.0}, refused={23: 3})
        self.assertEqual(overload.recovery(late, (2.0, 6.0), 20.0), 0.7)
        self.assertEqual(overload.recovery(course(60), (2.0, 6.0), 20.0), 0.0)

    def test_what_a_client_cannot_tell_from_chance_is_usual(self):
        self.assertEqual(overload.recovery(course(60, max_ms={21: 24.0}), (2.0, 6.0), 5.0), 0.0)

    def test_a_service_that_goes_on_refusing_has_not_recovered(self):
        refusing = course(60, refused={n: 1 for n in range(20, 60, 5)})
        self.assertIsNone(overload.recovery(refusing, (2.0, 6.0), 20.0))

    def test_without_a_usual_time_there_is_nothing_to_come_back_to(self):
        self.assertIsNone(overload.usual({"ok": 9, "sent": 10, "p99_ms": 5.0}))
        self.assertIsNone(overload.recovery(course(60), (2.0, 6.0), None))


class Overload(unittest.TestCase):
    def test_figures_are_shares_of_what_was_measured_before(self):
        got = {"normal": {"p99_ms": 40.0, "ok": 9, "sent": 9}, "capacity_per_s": 100.0, "recovery_s": 0.5,
               "steady": {"p99_ms": 60.0, "ok_per_s": 95.0, "refused_p99_ms": 3.0}}
        self.assertEqual(list(overload.figures(got).values()), [1.5, 3.0, 0.95, 0.5])

    def test_courses_that_follow_one_another_become_one(self):
        before = course(3, ok={1: 0, 2: 0}, max_ms={1: None, 2: None})
        after = course(3, ok={0: 0, 1: 0}, max_ms={0: None, 1: 7.0})
        one = overload.merged([before, after])
        self.assertEqual(one["ok"], [5, 0, 5])
        self.assertEqual(one["max_ms"], [10.0, 7.0, 10.0])


class Counts(unittest.TestCase):
    def test_seconds_are_whole(self):
        self.assertEqual(wobble.seconds({"answered": [1] * 10 + [2] * 10 + [9] * 9}), [10, 20])

    def test_the_share_leaves_out_the_first_second(self):
        got = articles.shares([10, 100, 100, 90, 50], idle=3)
        self.assertEqual((got["idle_per_s"], got["share"], got["least_share"]), (100.0, 0.7, 0.5))

    def test_a_probe_without_a_good_answer_is_lost(self):
        phase = {"ok": 9, "timed_out": 1, "broken": 2, "wrong": 3, "refused": 4}
        self.assertEqual(wobble.lost(phase), 10)

    def test_slow_clients_that_are_open_or_noticed_are_misses(self):
        good = {"timed_out": 0, "broken": 0, "wrong": 0, "refused": 0}
        phases = {"alone": {"p99_ms": 2.0, **good}, "beside": {"p99_ms": 5.0, **good, "timed_out": 2, "broken": 1}}
        one = {"clients": 9, "closed": 7, "limit_s": 15.0, "longest_s": 16.0, "normal": phases}
        self.assertEqual(list(slow_clients.figures(one).values()), [2, 2.5, 3])
        runs = [{"peer": "a", "slow-clients": {"head": one, "unread": {**one, "closed": 9, "longest_s": None}}}]
        lines = report.of_slow_clients({"peers": ["a"], "runs": runs})
        self.assertTrue(lines[4].endswith("| 9 | 15 | 16 | **2** | 2 | 5 | **2.50** | **3** |"), lines[4])
        self.assertIn("| - | 0 |", lines[5])

    def test_ends_are_summed_up(self):
        ends = [{"exit_ms": 9.0, "lost": 0, "answered_after": 5}, {"exit_ms": 4.0, "lost": 2, "answered_after": 1},
                {"exit_ms": None, "lost": 1, "answered_after": 0}]
        self.assertEqual(termination.summary(ends), {
            "runs": 3, "lost": 3, "runs_with_loss": 2, "answered_after": 6, "never_ended": 1,
            "exit_ms": {"least": 4.0, "median": 9.0, "most": 9.0}})


class Targets(unittest.TestCase):
    def test_the_bound_itself_is_met(self):
        self.assertTrue(targets.meets(5.0, (5.0, True, "ms")) and targets.meets(0.6, (0.6, False, "")))
        self.assertFalse(targets.meets(5.1, (5.0, True, "ms")) or targets.meets(0.59, (0.6, False, "")))
        self.assertFalse(targets.meets(None, (5.0, True, "ms")))

    def test_a_range_with_one_miss_is_marked(self):
        self.assertEqual(report.spread([4.0, 6.0, None], (5.0, True, "ms")), "**4 to 6**")
        self.assertEqual(report.spread([4.0, 4.0], (5.0, True, "ms")), "4")
        self.assertEqual(report.spread([None]), "-")


class Tls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_certificate_is_trusted_by_its_file(self):
        (self.folder / "other").mkdir()
        with mock.patch("certificate.BUILD", self.folder / "other"):
            other = certificate.make()
        with mock.patch("certificate.BUILD", self.folder), mock.patch("server.BUILD", self.folder):
            made = certificate.make()
            named = [fill(name, {}, 0, 1) for name in ("{certificate}", "{key}")]
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(*named)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            for _ in range(2):
                with contextlib.suppress(OSError), shown.wrap_socket(listener.accept()[0], server_side=True) as client:
                    client.recv(1000)
                    client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        port = listener.getsockname()[1]
        with self.assertRaises(ssl.SSLError):
            one_request(port, "GET", "/", None, 9.0, other)
        self.assertEqual(one_request(port, "GET", "/", None, 9.0, made)[0], 200)
        answering.join()

    def test_who_does_not_speak_it_is_left_out_and_the_report_says_so(self):
        asked = argparse.Namespace(port=1, out=self.folder / "out.json", parts="wobble", only="W7b-tls", quick=True, append=False,
                                   server_cpus="0", load_cpus="1", rounds=1, lock=None)
        session = Session(asked, {"clear": {"start": "false"}}, ["clear"], lambda _: contextlib.nullcontext())
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()) as told:
            session.run()
        self.assertIn("- clear wobble/W7b-tls: it does not speak tls", told.getvalue())

    def test_only_over_tls_the_load_is_told_of_a_certificate(self):
        for made in (None, self.folder / "c.pem"):
            with mock.patch("composure.plan.subprocess.run") as run:
                run.return_value = mock.Mock(returncode=0, stdout='{"sources": {}}')
                plan.run(1, "0", {}, [plan.thread(plan.source("a", "/", (0, 1)))], certificate=made)
            self.assertEqual(json.loads(run.call_args.kwargs["input"])["certificate"], made and str(made))


class Plots(unittest.TestCase):
    def test_places_follow_values_and_stay_in_the_frame(self):
        y = plot.Axis(0.1, 1000, 200, 0, log=True)
        self.assertEqual([y(v) for v in (0, 0.1, 10, 1000, 9999)], [200, 200, 100, 0, 0])
        x = plot.Axis(0, 10, 50, 150)
        self.assertEqual([x(v) for v in (-1, 0, 5, 10, 11)], [50, 50, 100, 150, 150])

    def test_what_is_drawn_is_well_formed(self):
        one = {"course": course(40, failed={9: 2}, max_ms={9: None}), "probe": {"loaded": {"p99_ms": 10.0, "max_ms": None}},
               "phases": {"heavy": (1, 4)}}
        drawn = xml.fromstring(plot.page("<Probe> & heavy", "about", {name: one for name in ("a<b", "c", "d", "e")},
                                        lambda some: plot.probe_row(some, {"heavy": "heavy"})))
        words = [node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("a<b", words)
        self.assertEqual(words.count("2 probes without answer"), 4)
        self.assertEqual([row.get("transform") for row in drawn.iter("{http://www.w3.org/2000/svg}g")],
                         ["translate(0 0)", "translate(0 307)"])


if __name__ == "__main__":
    unittest.main()
