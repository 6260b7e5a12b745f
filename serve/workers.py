"""Several processes behind one port, as uvicorn runs them; on SIGHUP each loads the promoted artefact itself: no connection is closed."""

import logging
import os
import signal
import tempfile

from prometheus_client.multiprocess import mark_process_dead
from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from serve.measures import FOLDER

LOG = logging.getLogger("lurewatch")


class Workers(Multiprocess):
    """uvicorn starts a worker that died again, and passes on the end. It would restart all on SIGHUP; these pass it on, too."""

    def handle_hup(self) -> None:
        """Pass it on. A worker that is just starting dies of it, and is started again with the promoted artefact."""
        LOG.info("SIGHUP: %d workers load the model again", len(self.processes))
        for process in self.processes:
            if process.pid and process.exitcode is None:
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        """Start those that died again, and forget what they held at that time; what they counted stays."""
        before = self._pids()
        super().keep_subprocess_alive()
        for pid in before - self._pids():
            mark_process_dead(pid)  # type: ignore[no-untyped-call]

    def _pids(self) -> set[int]:
        return {process.pid for process in self.processes if process.pid}


def run(config: Config) -> None:
    """Serve until stopped. The workers count together, in a folder of their own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lurewatch-counts-") as folder:
        os.environ.setdefault(FOLDER, folder)
        Workers(config, [config.bind_socket()]).run()
