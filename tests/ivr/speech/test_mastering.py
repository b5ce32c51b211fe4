"""What comes out of the studio can be put on a line."""

import audioop
from pathlib import Path

import pytest
from pydub import AudioSegment
from pydub.generators import Sine, WhiteNoise

from ivr.speech import SpeechError, master, write
from ivr.speech.mastering import RATE, loudness_of, pause, resampled, splice

pytestmark = pytest.mark.unit


def handed_in(folder: Path, sound: AudioSegment) -> Path:
    path = folder / "in.wav"
    sound.export(str(path), format="wav").close()
    return path


def test_quiet_and_loud_takes_come_out_equally_loud_and_never_clip(tmp_path: Path) -> None:
    for gain in (-45, -30, -3):
        tone = Sine(440, sample_rate=22050).to_audio_segment(duration=800).apply_gain(gain)
        sound = master(handed_in(tmp_path, tone))
        assert loudness_of(sound) == pytest.approx(-20, abs=0.5)
        assert sound.max_dBFS <= -1.5
        assert (sound.frame_rate, sound.channels, sound.sample_width) == (RATE, 1, 2)


def test_a_peak_bounds_the_gain_so_that_nothing_clips(tmp_path: Path) -> None:
    quiet = Sine(300, sample_rate=8000).to_audio_segment(duration=1000).apply_gain(-22)
    click = Sine(300, sample_rate=8000).to_audio_segment(duration=5)
    sound = master(handed_in(tmp_path, quiet + click + quiet))
    assert loudness_of(sound) < -20.5
    assert sound.max_dBFS <= -1.4


def test_silence_goes_from_both_ends_and_the_asked_pauses_come_in(tmp_path: Path) -> None:
    tone = Sine(440, sample_rate=16000).to_audio_segment(duration=500)
    silence = AudioSegment.silent(duration=900, frame_rate=16000)
    sound = master(handed_in(tmp_path, silence + tone + silence), before=100, after=250)
    assert len(sound) == pytest.approx(100 + 500 + 250, abs=15)
    assert sound[:90].rms == 0
    assert sound[-240:].rms == 0


def test_ends_are_faded_so_that_splices_do_not_click(tmp_path: Path) -> None:
    sound = master(handed_in(tmp_path, Sine(440, sample_rate=8000).to_audio_segment(duration=300)))
    assert abs(audioop.getsample(sound.raw_data, 2, 0)) < 200
    assert abs(audioop.getsample(sound.raw_data, 2, int(sound.frame_count()) - 1)) < 200


def test_what_the_telephone_cannot_carry_does_not_fold_back_into_its_band() -> None:
    hiss = Sine(6500, sample_rate=22050).to_audio_segment(duration=500).apply_gain(-6)  # folded back: 1500 Hz
    voice = Sine(1500, sample_rate=22050).to_audio_segment(duration=500).apply_gain(-6)
    assert resampled(hiss).dBFS < hiss.dBFS - 40
    assert resampled(voice).dBFS == pytest.approx(voice.dBFS, abs=1)


def test_stereo_and_other_rates_are_taken(tmp_path: Path) -> None:
    for rate in (8000, 11025, 44100, 48000):
        noise = WhiteNoise(sample_rate=rate).to_audio_segment(duration=300).apply_gain(-20).set_channels(2)
        assert len(master(handed_in(tmp_path, noise))) == pytest.approx(300, abs=15)


def test_splicing_keeps_the_gaps() -> None:
    one = Sine(440, sample_rate=RATE).to_audio_segment(duration=200)
    assert len(splice([one, one, one], gap=100)) == 800
    assert len(splice([])) == 0
    assert pause(250).rms == 0


def test_it_is_written_in_the_codecs_of_the_wire(tmp_path: Path) -> None:
    sound = master(handed_in(tmp_path, Sine(440, sample_rate=22050).to_audio_segment(duration=400)))
    write(sound, tmp_path / "deep" / "prompt")
    alaw = (tmp_path / "deep" / "prompt.alaw").read_bytes()
    ulaw = (tmp_path / "deep" / "prompt.ulaw").read_bytes()
    assert len(alaw) == len(ulaw) == int(sound.frame_count())
    back = AudioSegment(data=audioop.alaw2lin(alaw, 2), sample_width=2, frame_rate=RATE, channels=1)
    assert loudness_of(back) == pytest.approx(loudness_of(sound), abs=0.2)
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == [
        "prompt.alaw",
        "prompt.ulaw",
        "prompt.wav",
    ]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound at all" * 20])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.wav").write_bytes(content)
    with pytest.raises(SpeechError, match=r"bad\.wav"):
        master(tmp_path / "bad.wav")


def test_an_empty_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="silent"):
        master(handed_in(tmp_path, AudioSegment.silent(duration=500, frame_rate=8000)))
