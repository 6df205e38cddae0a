"""A gRPC server that answers any call with the outcomes it was given, the last one for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import grpc

#: A status code to fail with, a serialised answer, or seconds of silence.
Outcome = grpc.StatusCode | bytes | float


class FakeGrpc(grpc.GenericRpcHandler):
    """Knows no service: what it is called with is counted, not read."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self.calls: list[str] = []
        self._server = grpc.server(ThreadPoolExecutor(4))
        self._server.add_generic_rpc_handlers((self,))
        self.host = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> FakeGrpc:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop(grace=None)

    def service(self, handler_call_details: Any) -> grpc.RpcMethodHandler:
        method = handler_call_details.method
        if method.endswith("/Listen"):
            return grpc.stream_stream_rpc_method_handler(self._streamed(method))
        streams = method.endswith(("/BatchGetDocuments", "/RunQuery"))
        return (
            grpc.unary_stream_rpc_method_handler(self._streamed(method))
            if streams
            else grpc.unary_unary_rpc_method_handler(self._answered(method))
        )

    def _answered(self, method: str) -> Callable[[Any, grpc.ServicerContext], bytes]:
        def answer(request: Any, context: grpc.ServicerContext) -> bytes:
            self.calls.append(method.rpartition("/")[2])
            outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
            if isinstance(outcome, grpc.StatusCode):
                context.abort(outcome, "canary of the payload")
            if isinstance(outcome, float):
                time.sleep(outcome)
                return b""
            assert isinstance(outcome, bytes)
            return outcome

        return answer

    def _streamed(self, method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        answer = self._answered(method)

        def stream(request: Any, context: grpc.ServicerContext) -> Any:
            yield answer(request, context)

        return stream
