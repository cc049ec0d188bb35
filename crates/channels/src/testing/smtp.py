"""A mail server for the tests: aiosmtpd, with recipients that are busy, gone, or never answered.

Arguments: folder for what arrives, [certificate key]. With a certificate it insists on STARTTLS, and on the password
"correct: horse/battery". Prints "ready PORT" and ends when its standard input closes.

Recipients: busy1@… is refused with 451 once, gone@… with 550 always. A letter to slow…@… is kept at once and answered
after a while. Where a letter stands still for good, the first time that somebody brings one:

    heldrcpt…@…    after its recipient was named
    helddata…@…    after all of it came, before it is kept
    heldanswer…@…  after it was kept, before that is answered

RECIPIENT.held says that it does. What arrives is kept as N.json, read with the parser of Python; `taken` has a line with
the Message-ID of each.
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


def content(message, kind):
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.asked = {}
        self.held = set()

    async def stand_still(self, local, where):
        if local.startswith("held" + where) and local not in self.held:
            self.held.add(local)
            with open(os.path.join(self.folder, f"{local}.held"), "w", encoding="utf-8"):
                pass
            # Whoever brought the letter goes away: then this is cancelled.
            await asyncio.sleep(3600)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        local = address.split("@")[0]
        self.asked[local] = self.asked.get(local, 0) + 1
        if local.startswith("busy") and self.asked[local] <= 1:
            return "451 4.3.0 The mailbox is busy, come back later"
        if local == "gone":
            return "550 5.1.1 There is no such mailbox"
        await self.stand_still(local, "rcpt")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        await self.stand_still(local, "data")
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
            "text": content(message, "plain"),
            "html": content(message, "html"),
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
        with open(os.path.join(self.folder, "taken"), "a", encoding="utf-8") as file:
            file.write(f"{message['Message-ID']}\n")
        await self.stand_still(local, "answer")
        if local.startswith("slow"):
            await asyncio.sleep(0.05)
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
