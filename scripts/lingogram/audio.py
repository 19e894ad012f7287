"""Decoding: any recording that PyAV reads, as 16 kHz, 16-bit, mono."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from lingogram.segments import RATE

RATES = (1_000, 1_000_000)  # Hz; a header that says less or more is not to be believed
MOST_FAILURES = 1_000  # in a row; a demuxer that no longer moves on would fail for ever
NESTED = ("concat", "dash", "hls", "imf", "sdp")  # formats that point to other files
GATHERED = 32_768  # samples that are resampled in one call
OPTIONS = {"protocol_whitelist": "file"}  # a playlist must not make ffmpeg call the network
# bytes: of a packet, so that there are fewer, and of what is read to learn the format
WAV_OPTIONS = OPTIONS | {"max_size": "65536", "probesize": "131072"}


class Decoding:
    """The samples of a recording, block by block, with an account of what happened on the way.

    Iterating yields arrays of shape (samples,), int16, 16 kHz, mono, which hold the samples of
    ffmpeg's `-ac 1 -ar 16000`. The counts are complete when the iteration is. A packet that cannot
    be decoded costs that packet; what makes decoding end early is the `reason`.
    Raises OSError when the file cannot be read.
    """

    def __init__(self, path: Path):
        self.path = path
        self.header_seconds = 0.0  # what the file's header promises; 0 where it does not say
        self.samples = 0  # decoded, at 16 kHz
        self.bad_packets = 0
        self.nonfinite = 0  # NaN and infinite samples, taken as 0
        self.format_changes = 0  # of sample rate, layout or sample format
        self.reason = ""  # why decoding ended before the recording did

    def __iter__(self) -> Iterator[np.ndarray]:
        try:
            with _opened(self.path) as file:
                stream = file.streams.audio[0]
                stream.thread_type = "NONE"
                length = stream.duration * stream.time_base if stream.duration else 0
                self.header_seconds = float(length or (file.duration or 0) / av.time_base)
                for block in self._resampled(_gathered(self._frames(file, stream))):
                    self.samples += len(block)
                    yield block
        except (ValueError, av.error.FFmpegError) as error:
            if isinstance(error, OSError):  # the disk's fault, not the recording's
                raise
            self.reason = str(error)
        if not self.samples and not self.reason:
            self.reason = "decodes to nothing"

    def _frames(self, file, stream) -> Iterator[av.AudioFrame]:
        failures = 0
        packets = file.demux(stream)
        while failures < MOST_FAILURES:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                yield from packet.decode()
                failures = 0
            except av.error.FFmpegError as error:
                if isinstance(error, OSError):
                    raise
                self.bad_packets += 1
                failures += 1
                packets = file.demux(stream)
        raise ValueError(f"{MOST_FAILURES} packets in a row cannot be decoded")

    def _resampled(self, frames) -> Iterator[np.ndarray]:
        resampler, form = None, None
        for frame in frames:
            if _form_of(frame) != form:
                if resampler:
                    self.format_changes += 1
                    yield from _arrays(resampler.resample(None))
                _check_rate(frame.sample_rate)
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
        with _opened(path):
            return ""
    except ValueError as error:
        return str(error)


def _opened(path: Path) -> av.container.InputContainer:
    """Open a file with sound; raise ValueError if it is none, OSError if it cannot be read."""
    with open(path, "rb") as file:
        options = WAV_OPTIONS if file.read(4) in (b"RIFF", b"RF64") else OPTIONS
    try:
        file = av.open(str(path.absolute()), options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise ValueError(f"holds no audio: {error.strerror}") from error
    try:
        if file.format.name in NESTED:
            raise ValueError(f"holds no audio but points to other files ({file.format.name})")
        if not file.streams.audio:
            raise ValueError("holds no audio")
        _check_rate(file.streams.audio[0].rate)
    except ValueError:
        file.close()
        raise
    return file


def _check_rate(rate: int | None) -> None:
    lowest, highest = RATES
    if rate and not lowest <= rate <= highest:
        raise ValueError(f"says it has {rate} samples a second; {lowest} to {highest} are read")


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
