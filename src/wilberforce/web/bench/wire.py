"""The least of a browser that a measurement needs: cookies, a kept-alive line, forms, and a stream of lines."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(rb'type="hidden" name="(\w+)" value="([^"]*)"')


class Browser:
    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self.port = port
        self.cookies = dict(cookies)
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        return await self._ask(f"GET {path} HTTP/1.1", headers or {}, b"")

    async def post(self, path: str, answers: dict[str, str]) -> None:
        """Fills in the form of this address and sends it. Raises where it comes back with mistakes."""
        page = await self.get(path)
        hidden = {
            name.decode(): value.decode() for name, value in HIDDEN.findall(page) if name != b"csrfmiddlewaretoken"
        }
        token = TOKEN.search(page)
        if token is None:
            raise ConnectionError(f"There is no form at {path}.")
        body = urlencode(hidden | answers | {"csrfmiddlewaretoken": token[1].decode()}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        await self._ask(f"POST {path} HTTP/1.1", form, body, expected=302)

    async def lines(self, port: int, path: str) -> AsyncIterator[bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/event-stream\r\n\r\n".encode())
            while line := await reader.readline():
                yield line.strip()
        finally:
            writer.close()

    async def _ask(self, request: str, headers: Mapping[str, str], body: bytes, expected: int = 200) -> bytes:
        if self.line is None or self.line[1].is_closing():
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        told = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Length": str(len(body)),
            **headers,
        }
        head = "\r\n".join([request, *(f"{name}: {value}" for name, value in told.items())])
        writer.write(head.encode() + b"\r\n\r\n" + body)
        status, answer = await self._answer(reader)
        if status != expected:
            raise ConnectionError(f"{request} answered {status}")
        return answer

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := (await reader.readline()).strip()) != b"":
            name, _, value = line.decode().partition(": ")
            if name.lower() == "content-length":
                length = int(value)
            if name.lower() == "set-cookie":
                with suppress(ValueError):
                    cookie, kept = value.split(";")[0].split("=", 1)
                    self.cookies[cookie] = kept
        return status, await reader.readexactly(length)
