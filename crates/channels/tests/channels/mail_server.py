"""A mail server for the tests: aiosmtpd, with recipients that are busy or gone.

Arguments: folder for what arrives, [certificate key]. With a certificate it insists on STARTTLS, and on the password
"correct: horse/battery". Prints "ready PORT" and ends when its standard input closes.

Recipients: busy1@… is refused with 451 once, gone@… with 550 always. What arrives is kept as N.json, read with the
parser of Python.
"""

import asyncio
import email
import json
import logging
import os
import ssl
import sys
import warnings
from email import policy

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.asked = {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        local = address.split("@")[0]
        self.asked[local] = self.asked.get(local, 0) + 1
        if local.startswith("busy") and self.asked[local] <= 1:
            return "451 4.3.0 The mailbox is busy, come back later"
        if local == "gone":
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
            "is_ascii": envelope.content.isascii(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "headers": [[name, str(value)] for name, value in message.items()],
            "sender_name": message["From"].addresses[0].display_name,
            "sent_at": message["Date"].datetime.timestamp(),
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "files": [
                {
                    "name": part.get_filename(),
                    "content_type": part.get_content_type(),
                    "bytes": list(part.get_content()),
                }
                for part in message.iter_attachments()
                if part.get_content_disposition() == "attachment"
            ],
        }
        path = os.path.join(self.folder, f"{self.count}.json")
        self.count += 1
        with open(path, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        return "250 OK: taken"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"plenary@example.org" and data.password == b"correct: horse/battery"
    return AuthResult(success=right, handled=False)


async def main():
    folder, certificate = sys.argv[1], sys.argv[2:]
    options = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        options = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": authenticate,
            "auth_required": True,
        }
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", **options), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


# Handshakes that the client breaks off are what some tests are about.
logging.disable()
warnings.simplefilter("ignore")
asyncio.run(main())
