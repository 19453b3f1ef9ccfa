"""The certificate that peers show where they are asked over TLS: of their own making, trusted by its file."""
import pathlib
import subprocess

from server import BUILD


def make() -> pathlib.Path:
    """A new one for this machine, which is no authority, so that who trusts it trusts nothing else."""
    certificate = BUILD / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "7", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", BUILD / "key.pem", "-out", certificate],
                   check=True, capture_output=True)
    return certificate
