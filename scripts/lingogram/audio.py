"""Decoding: any recording that PyAV reads, as 16 kHz, 16-bit, mono."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

RATE = 16_000  # Hz
GATHERED = 32_768  # samples that are resampled in one call
OPTIONS = {"protocol_whitelist": "file"}  # a playlist must not make ffmpeg call the network
# bytes: of a packet, so that there are fewer, and of what is read to learn the format
WAV_OPTIONS = OPTIONS | {"max_size": "65536", "probesize": "131072"}


class Decoding:
    """The samples of a recording, block by block, with an account of what happened on the way.

    Iterating yields arrays of shape (samples,), int16, 16 kHz, mono, which hold the samples of
    ffmpeg's `-ac 1 -ar 16000`. The counts are complete when the iteration is. A packet that cannot
    be decoded costs that packet.
    Raises ValueError when nothing of the file can be decoded, OSError when it cannot be opened.
    """

    def __init__(self, path: Path):
        self.path = path
        self.header_seconds = 0.0  # what the file's header promises; 0 where it does not say
        self.samples = 0  # decoded, at 16 kHz
        self.bad_packets = 0
        self.nonfinite = 0  # NaN and infinite samples, taken as 0
        self.format_changes = 0  # of sample rate, layout or sample format

    def __iter__(self) -> Iterator[np.ndarray]:
        with _opened(self.path) as file:
            stream = next(iter(file.streams.audio), None)
            if stream is None:
                raise ValueError("holds no audio")
            stream.thread_type = "NONE"
            length = stream.duration * stream.time_base if stream.duration else 0
            self.header_seconds = float(length or (file.duration or 0) / av.time_base)
            for block in self._resampled(_gathered(self._frames(file, stream))):
                self.samples += len(block)
                yield block

    def _frames(self, file, stream) -> Iterator[av.AudioFrame]:
        failures = 0  # in a row; a demuxer that no longer moves on would fail for ever
        packets = file.demux(stream)
        while failures < 1000:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                yield from packet.decode()
                failures = 0
            except av.error.FFmpegError:
                self.bad_packets += 1
                failures += 1
                packets = file.demux(stream)

    def _resampled(self, frames) -> Iterator[np.ndarray]:
        resampler, form = None, None
        for frame in frames:
            if _form_of(frame) != form:
                if resampler:
                    self.format_changes += 1
                    yield from _arrays(resampler.resample(None))
                resampler, form = av.AudioResampler("s16", "mono", RATE), _form_of(frame)
            yield from _arrays(resampler.resample(self._finite(frame)))
        if resampler:
            yield from _arrays(resampler.resample(None))

    def _finite(self, frame: av.AudioFrame) -> av.AudioFrame:
        if frame.format.name.rstrip("p") not in ("flt", "dbl"):
            return frame
        samples = frame.to_ndarray()
        finite = np.isfinite(samples)
        if finite.all():
            return frame
        self.nonfinite += int(np.count_nonzero(~finite))
        mended = av.AudioFrame.from_ndarray(
            np.where(finite, samples, 0).astype(samples.dtype), frame.format.name, frame.layout.name
        )
        mended.sample_rate = frame.sample_rate
        return mended


def refusal_of(path: Path) -> str:
    """Return why a file is no recording, in words; empty if its header says it holds sound."""
    try:
        with _opened(path) as file:
            return "" if file.streams.audio else "holds no audio"
    except ValueError as error:
        return str(error)


def _opened(path: Path) -> av.container.InputContainer:
    """Open a file; raise ValueError if its content is wrong, OSError if it cannot be read."""
    with open(path, "rb") as file:
        options = WAV_OPTIONS if file.read(4) in (b"RIFF", b"RF64") else OPTIONS
    try:
        return av.open(str(path.absolute()), options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise ValueError(f"holds no audio: {error.strerror}") from error


def _gathered(frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    """Yield the same sound in longer frames: codecs give tiny ones, and each has its price."""
    fifo, form = av.AudioFifo(), None
    for frame in frames:
        if _form_of(frame) != form:
            if fifo.samples:
                yield fifo.read()
            fifo, form = av.AudioFifo(), _form_of(frame)
        frame.pts = None  # gaps and jumps of the clock neither add nor take samples
        fifo.write(frame)
        if fifo.samples >= GATHERED:
            yield fifo.read()
    if fifo.samples:
        yield fifo.read()


def _form_of(frame: av.AudioFrame) -> tuple:
    return frame.sample_rate, frame.layout.name, frame.format.name


def _arrays(frames: Iterator[av.AudioFrame]) -> Iterator[np.ndarray]:
    for frame in frames:
        yield np.frombuffer(frame.planes[0], np.int16, frame.samples)
