"""What somebody uploads never lies in a temporary folder: it stays in memory, and too much is refused (413)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser

MOST_READ = 100 * 1024 * 1024


class OnlyInMemory(MemoryFileUploadHandler):
    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        self.activated = True


class NoFiles(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def answers_beside(request: HttpRequest) -> QueryDict:
    """What was typed beside a file that was too large. Without a file there is nothing that could be read."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.content_type != "multipart/form-data" or length > MOST_READ:
        return QueryDict()
    return MultiPartParser(request.META, request, [NoFiles(request)], request.encoding or "utf-8").parse()[0]
