"""Release messages for tests: the samples of DDEX lifted to ERN 4.3.2, and their schema.

The schema and the samples are never committed; ``third_party`` says where they are looked for.
"""

import functools
import re

from lxml import etree

from support.samples import third_party

SAMPLES = (
    "1_Audio",
    "2_Video",
    "3_MixedMedia",
    "4_SimpleAudioSingle",
    "5_SimpleVideoSingle",
    "6_Ringtone",
    "7_LongformMusicalWorkVideo",
    "8_DjMix",
    "Variant_Classical",
)
AUDIO = ("1_Audio", "4_SimpleAudioSingle", "6_Ringtone", "8_DjMix", "Variant_Classical")


class _BesideIt(etree.Resolver):
    """The value sets lie beside the schema here, and one folder up where DDEX serves them."""

    def resolve(self, url, public_id, context):
        if url.endswith("allowed-value-sets.xsd"):
            return self.resolve_filename(str(third_party("ddex/allowed-value-sets.xsd")), context)
        return None


@functools.cache
def schema():
    """The schema of ERN 4.3.2; skips aloud when it is not there."""
    parser = etree.XMLParser()
    parser.resolvers.add(_BesideIt())
    path = third_party("ddex/release-notification.xsd")
    third_party("ddex/allowed-value-sets.xsd")
    return etree.XMLSchema(etree.parse(str(path), parser))


def faults(message):
    """What the schema finds wrong with a message in bytes, one a line."""
    tree = etree.fromstring(message)
    schema().validate(tree)
    return [f"{e.line}: {e.message}" for e in schema().error_log]


def sample(name):
    """A sample of DDEX as it is: ERN 4.3."""
    return third_party(f"ddex/samples-ern43/{name}.xml").read_bytes()


@functools.cache
def lifted(name):
    """A sample as ERN 4.3.2: the changes that regimes of today's schema ask for, nothing else."""
    text = sample(name).decode("utf-8")
    text = text.replace("http://ddex.net/xml/ern/43", "http://ddex.net/xml/ern/432")
    text = re.sub(r'AvsVersionId="[0-9]+"', 'AvsVersionId="9"', text)
    text = re.sub(r"(</?)Genre\b", r"\1DisplayGenre", text)
    text = re.sub(r"\s*<AdditionalTitle\b.*?</AdditionalTitle>", "", text, flags=re.DOTALL)
    text = re.sub(
        r"<(Edition)?Contributor\b.*?</(Edition)?Contributor>",
        lambda found: re.sub(
            r"<Role\b([^>]*)>([^<]+)</Role>", r"<Role><Value\1>\2</Value></Role>", found[0]
        ),
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r"<ChapterId( [^>]*)>([^<]*)<",
        r"<ChapterId><ProprietaryId\1>\2</ProprietaryId><",
        text,
    )
    return text.encode("utf-8")
