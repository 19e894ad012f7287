"""Decoding: any recording that PyAV reads, or a part of it, as 16 kHz, 16-bit, mono."""

import math
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from lingogram import headers
from lingogram.segments import RATE

RATES = (1_000, 1_000_000)  # Hz; a header that says less or more is not to be believed
MOST_CHANNELS = 8  # that FFmpeg always mixes
MOST_FAILURES = 1_000  # in a row; a demuxer that no longer moves on would fail for ever
NESTED = ("concat", "dash", "hls", "imf", "sdp")  # formats that point to other files
PLACED = ("wav", "w64", "aiff", "au", "caf", "flac")  # formats whose clock counts the samples
PREROLL = 1.0  # seconds before a part from where it is decoded
GATHERED = 32_768  # samples that are resampled in one call
OPTIONS = {"protocol_whitelist": "file"}  # a playlist must not make ffmpeg call the network
WAV_PROBED = {"probesize": "4096"}  # bytes; a WAV's format needs no more
WAV_PACKETS = {"max_size": "65536"}  # bytes; so that there are fewer


class Decoding:
    """The samples of a recording, block by block, with an account of what happened on the way.

    Iterating yields arrays of shape (samples,), int16, 16 kHz, mono, which hold the samples of
    ffmpeg's `-ac 1 -ar 16000`. The counts are complete when the iteration is. A packet that cannot
    be decoded costs that packet; what makes decoding end early is the `reason`.
    begin, end: seconds; of the file, only what lies between them is resampled.
    Raises OSError when the file cannot be read.
    """

    def __init__(self, path: Path, begin: float = 0.0, end: float = math.inf):
        self.path = path
        self.begin, self.end = begin, end
        self.header_seconds = 0.0  # what the file's header promises; 0 where it does not say
        self.samples = 0  # decoded, at 16 kHz
        self.lost_seconds = 0.0  # that the clock of the frames jumps over
        self.bad_packets = 0
        self.nonfinite = 0  # NaN and infinite samples, taken as 0
        self.format_changes = 0  # of sample rate, layout or sample format
        self.streams = 0  # of audio in the file; the first is decoded
        self.reason = ""  # why decoding ended before the recording did

    def __iter__(self) -> Iterator[np.ndarray]:
        try:
            with _opened(self.path, WAV_PACKETS) as file:
                stream = file.streams.audio[0]
                stream.thread_type = "NONE"
                self.streams = len(file.streams.audio)
                self.header_seconds = self._promised(file, stream)
                frames = self._part(self._frames(file, stream), file.format.name in PLACED)
                for block in self._resampled(_gathered(frames)):
                    self.samples += len(block)
                    yield block
        except (ValueError, av.error.FFmpegError) as error:
            self.reason = str(error)
        if self.reason or self.bad_packets:
            _read(self.path)  # FFmpeg's errors do not tell a bad disk from bad content
        if not self.samples and not self.reason:
            self.reason = "decodes to nothing"
        if not self.reason and self.end == math.inf and not headers.is_ended(self.path):
            self.reason = "ends before its stream does"

    def _promised(self, file, stream) -> float:
        if self.end < math.inf:
            return round(self.end - self.begin, 6)
        if not headers.says_length(self.path, file.format.name):
            return 0.0
        length = stream.duration * stream.time_base if stream.duration else 0
        if not length and len(file.streams) == 1:
            length = (file.duration or 0) / av.time_base
        length = float(length)
        return round(max(length * headers.stretch_of(self.path) - self.begin, 0.0), 6)

    def _frames(self, file, stream) -> Iterator[av.AudioFrame]:
        failures = 0
        if self.begin > PREROLL and file.format.name in PLACED:
            file.seek(round((self.begin - PREROLL) * av.time_base))
        packets = file.demux(stream)
        while failures < MOST_FAILURES:
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
        raise ValueError(f"{MOST_FAILURES} packets in a row cannot be decoded")

    def _part(self, frames, placed: bool) -> Iterator[av.AudioFrame]:
        """Yield what of the frames lies between begin and end, to the sample of their own rate.

        placed: whether the clock of the frames tells where they lie, or they are to be counted.
        """
        place = 0
        for number, frame in enumerate(frames):
            if placed and frame.pts is not None:
                clock = round(frame.pts * frame.time_base * frame.sample_rate)
                if number and clock > place:
                    self.lost_seconds += round((clock - place) / frame.sample_rate, 6)
                place = clock
            first = max(round(self.begin * frame.sample_rate) - place, 0)
            last = frame.samples
            if self.end < math.inf:
                last = min(round(self.end * frame.sample_rate) - place, last)
            place += frame.samples
            if last <= 0:
                return
            if last - first == frame.samples:
                yield frame
            elif first < last:
                wide = 1 if frame.format.is_planar else frame.layout.nb_channels
                samples = frame.to_ndarray()[:, first * wide : last * wide]
                yield _frame_of(samples, frame, frame.layout)

    def _resampled(self, frames) -> Iterator[np.ndarray]:
        resampler, form = None, None
        for frame in frames:
            if _form_of(frame) != form:
                if resampler:
                    self.format_changes += 1
                    yield from _arrays(resampler.resample(None))
                _check_rate(frame.sample_rate)
                resampler, form = av.AudioResampler("s16", "mono", RATE), _form_of(frame)
            yield from _arrays(resampler.resample(_averaged(self._finite(frame))))
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
        return _frame_of(np.where(finite, samples, 0), frame, frame.layout)


def refusal_of(path: Path) -> str:
    """Return why a file is no recording, in words; empty if its header says it holds sound."""
    try:
        with _opened(path):
            return ""
    except ValueError as error:
        return str(error)


def _opened(path: Path, wav_options: dict[str, str] | None = None) -> av.container.InputContainer:
    """Open a file with sound; raise ValueError if it is none, OSError if it cannot be read."""
    with open(path, "rb") as file:
        wav = file.read(4) in (b"RIFF", b"RF64")
    options = OPTIONS | (WAV_PROBED | (wav_options or {}) if wav else {})
    try:
        file = av.open(str(path.absolute()), options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise ValueError(f"holds no audio: {error.strerror}") from error
    try:
        if file.format.name in NESTED:
            raise ValueError(f"holds no audio but points to other files ({file.format.name})")
        if not file.streams.audio:
            raise ValueError("holds no audio")
        if file.streams.audio[0].codec_context is None:
            raise ValueError("holds audio of an unknown codec")
        _check_rate(file.streams.audio[0].rate)
    except ValueError:
        file.close()
        raise
    return file


def _read(path: Path) -> None:
    """Read a file to its end; raise OSError if that cannot be done."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def _check_rate(rate: int | None) -> None:
    lowest, highest = RATES
    if rate and not lowest <= rate <= highest:
        raise ValueError(f"says it has {rate} samples a second; {lowest} to {highest} are read")


def _averaged(frame: av.AudioFrame) -> av.AudioFrame:
    """Return the mean of more channels than the resampler mixes where they have no place."""
    channels = frame.layout.nb_channels
    if channels <= MOST_CHANNELS or frame.layout.name != f"{channels} channels":
        return frame
    samples = frame.to_ndarray()
    apart = samples if frame.format.is_planar else samples.reshape(-1, channels).T
    average = apart.mean(axis=0, keepdims=True, dtype=np.float64)
    whole = np.issubdtype(samples.dtype, np.integer)
    average = np.rint(average) if whole else average
    return _frame_of(average.astype(samples.dtype), frame, "mono")


def _frame_of(samples: np.ndarray, like: av.AudioFrame, layout) -> av.AudioFrame:
    """Return a frame of samples, in the format of `like` but for the layout.

    samples: shape (channels, samples), or (1, all of them) if packed, and of the format's dtype.
    """
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), like.format.name, layout)
    frame.sample_rate = like.sample_rate
    return frame


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
