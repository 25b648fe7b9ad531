"""The embedded servers and the simulators of outside services, started and kept alive without Docker or root.

For tests, in a synchronous fixture (a process of its own, which the kernel stops when the tests are killed):

    with devstack.launched(("postgres", "redis", "meilisearch", "razorpay", "inbox")) as env:
        ...  # env["HAAT_DATABASE__URL"], env["HAAT_SUPERUSER_URL"], env["HAAT_INBOX_URL"], ...

or on the main thread's event loop:

    async with devstack.running(("postgres", "redis"), data=tmp_path) as stack:
        ...  # stack.env is the same mapping, stack.ports the ports

Without `data` the folder is temporary, in memory if there is room, and deleted afterwards. Both default to fsync off.
A variable such as HAAT_REDIS__URL in the environment wins: that server is then not started. The simulator's webhooks
go to the web port until `POST {HAAT_PAYMENTS__BASE_URL}/sim/config {"webhook_url": ...}` says otherwise. The extensions
that migrations need are in template1, so `CREATE DATABASE x OWNER haat_owner` by HAAT_SUPERUSER_URL is enough for a
database of one's own. `GET {HAAT_INBOX_URL}/api/messages?to=...&wait_s=10` waits for a mail.
"""

from devstack.draft import EMBEDDED
from devstack.errors import StackError
from devstack.session import launched, running
from devstack.stack import Stack

__all__ = ["EMBEDDED", "Stack", "StackError", "launched", "running"]
