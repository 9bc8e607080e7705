"""The demo of docker-compose.yml as processes of this machine, with a Prometheus that scrapes it."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from prometheus import Prometheus


class Stack:
    """Function host, gateway and Prometheus on free ports. Leaves nothing behind: use it in a with statement."""

    def __init__(self, root, configuration):
        self._root = root
        self._configuration = configuration
        self._cleanup = contextlib.ExitStack()
        self._logs = []

    def __enter__(self):
        try:
            self._folder = pathlib.Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="gateway-dashboards-")))
            self._start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        self._cleanup.close()
        return False

    def _start(self):
        functions, self._traffic, management, prometheus = (free_port() for _ in range(4))
        self._write_configuration(functions)
        self._run("functions", ["dotnet", self._program("LocalFunctions", "Gateway.LocalFunctions"), "serve", str(self._root / "deploy/compose/functions"), "--port", str(functions)])
        self._wait("the function host", lambda: is_listening(functions))

        arguments = ["--config", str(self._config), "--stage", "Test", "--urls", f"http://127.0.0.1:{self._traffic}"]
        arguments += ["--Gateway:Observability:AppMetrics=true", f"--Gateway:Management:Port={management}"]
        self._run("gateway", ["dotnet", self._program("Gateway", "Gateway"), *arguments], self._secrets())
        self._wait("the gateway", lambda: is_ok(f"http://127.0.0.1:{management}/readyz"))

        self._run("prometheus", self._prometheus_command(management, prometheus))
        self.prometheus = Prometheus(f"http://127.0.0.1:{prometheus}")
        self._wait("Prometheus", lambda: is_ok(f"http://127.0.0.1:{prometheus}/-/ready"))
        self._wait("the first scrape", lambda: self.prometheus.target_health() == ["up"])

    def drive(self, seconds):
        """Sends traffic; meanwhile changes the configuration, breaks it, and mends it."""
        print(f"Traffic of every outcome for {seconds} seconds.", flush=True)
        traffic = subprocess.Popen([sys.executable, str(self._root / "deploy/compose/traffic.py"), f"http://127.0.0.1:{self._traffic}", str(seconds)])
        self._cleanup.callback(stop, traffic)
        good = self._stage_file.read_text(encoding="utf-8")
        for text in (good.replace('"Timeout": "10s"', '"Timeout": "9s"'), "{ broken", good):
            time.sleep(seconds / 4)
            self._stage_file.write_text(text, encoding="utf-8")
        traffic.wait(timeout=seconds)
        time.sleep(2.5)  # Two more scrapes.

    def _write_configuration(self, functions):
        """The demo's files with addresses of this machine instead of the service's name. Two addresses refuse connections, as they do there."""
        self._config = self._folder / "config"
        shutil.copytree(self._root / "deploy/compose/config", self._config)
        self._stage_file = self._config / "appsettings.Test.json"
        text = self._stage_file.read_text(encoding="utf-8")
        for name, port in (("functions:9000", functions), ("functions:9098", self._dead_port()), ("functions:9099", self._dead_port())):
            text = text.replace(f"http://{name}", f"http://127.0.0.1:{port}")
        self._stage_file.write_text(text, encoding="utf-8")

    def _dead_port(self):
        """A port that nobody can listen on meanwhile: it is bound and does not listen."""
        holder = self._cleanup.enter_context(socket.socket())
        holder.bind(("127.0.0.1", 0))
        return holder.getsockname()[1]

    def _secrets(self):
        return {path.name: path.read_text(encoding="utf-8").strip() for path in (self._root / "deploy/compose/secrets").iterdir() if "__" in path.name}

    def _program(self, project, assembly):
        path = self._root / "artifacts/bin" / project / self._configuration.lower() / f"{assembly}.dll"
        if not path.exists():
            print(f"Building src/{project}.", flush=True)
            subprocess.run(["dotnet", "build", str(self._root / "src" / project), "-c", self._configuration, "-v", "q"], check=True, stdout=subprocess.DEVNULL)
        return str(path)

    def _prometheus_command(self, management, port):
        rules = self._root / "deploy/prometheus"
        config = self._folder / "prometheus.yml"
        config.write_text(
            "global: { scrape_interval: 1s, evaluation_interval: 2s }\n"
            f"rule_files: [ '{rules / 'rules.yml'}', '{rules / 'alerts.yml'}' ]\n"
            f"scrape_configs: [ {{ job_name: gateway, static_configs: [ {{ targets: [ '127.0.0.1:{management}' ] }} ] }} ]\n",
            encoding="utf-8")
        return ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self._folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]

    def _run(self, name, command, variables=None):
        log = self._cleanup.enter_context(open(self._folder / f"{name}.log", "wb"))
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("ASPNETCORE_", "OTEL_", "Gateway__"))} | (variables or {})
        process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self._cleanup.callback(stop, process)
        self._logs.append((name, process, log.name))

    def _wait(self, what, is_done, seconds=30):
        deadline = time.monotonic() + seconds
        while not is_done():
            ended = [name for name, process, _ in self._logs if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                name, _, path = next((entry for entry in self._logs if entry[0] in ended), self._logs[-1])
                tail = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")[-3000:]
                sys.exit(f"{what} did not come up{f': {name} ended' if ended else f' within {seconds} s'}. Its log:\n{tail}")
            time.sleep(0.1)


def free_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return holder.getsockname()[1]


def is_listening(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def is_ok(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(process):
    """Asks first; kills what does not end."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
