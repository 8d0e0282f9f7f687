"""Small release messages of our own for tests, no sample of anybody's."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/{digits}" '
    'AvsVersionId="9" LanguageAndScriptCode="en">\n'
)


def contributor(who, *roles, ai=None, more=""):
    """A contributor on one line; ``who`` is a party's reference or a special contributor."""
    tag = "SpecialContributor" if who == "GenerativeAI" else "ContributorPartyReference"
    listed = "".join(f"<Role><Value>{role}</Value></Role>" for role in roles)
    answer = f"<AiContribution>{ai}</AiContribution>" if ai else ""
    return f"<Contributor><{tag}>{who}</{tag}>{listed}{answer}{more}</Contributor>"


def recording(
    *contributors,
    reference="A1",
    isrc="QZZZZ2600001",
    title="Sample",
    duration="PT2S",
    file="",
    flags="",
):
    """A sound recording that is valid by the schema of ERN 4.3.2."""
    lines = [
        "<SoundRecording>",
        f"   <ResourceReference>{reference}</ResourceReference>",
        "   <Type>MusicalWorkSoundRecording</Type>",
        "   <SoundRecordingEdition>",
        f"      <ResourceId><ISRC>{isrc}</ISRC></ResourceId>",
        *([file] if file else []),
        "   </SoundRecordingEdition>",
        f"   <DisplayTitleText>{title}</DisplayTitleText>",
        f"   <DisplayTitle><TitleText>{title}</TitleText></DisplayTitle>",
        "   <DisplayArtistName>Somebody</DisplayArtistName>",
        "   <DisplayArtist SequenceNumber='1'>",
        "      <ArtistPartyReference>PAnn</ArtistPartyReference>",
        "      <DisplayArtistRole>MainArtist</DisplayArtistRole>",
        "   </DisplayArtist>",
        *(f"   {one}" for one in contributors),
        f"   <Duration>{duration}</Duration>",
        *([f"   {flags}"] if flags else []),
        "</SoundRecording>",
    ]
    return "\n".join(f"      {line}" for line in lines) + "\n"


def delivered(name, algorithm=None, hash_sum=None):
    """Where the audio of a recording lies."""
    hashed = (
        f"<HashSum><Algorithm>{algorithm}</Algorithm><HashSumValue>{hash_sum}</HashSumValue>"
        "</HashSum>"
        if algorithm
        else ""
    )
    return (
        "<TechnicalDetails><TechnicalResourceDetailsReference>T1"
        "</TechnicalResourceDetailsReference><DeliveryFile><Type>AudioFile</Type>"
        f"<File><URI>resources/{name}</URI>{hashed}</File></DeliveryFile></TechnicalDetails>"
    )


def message(*recordings, digits="432", release_ai=None, references=("A1",), parties=""):
    """A whole message in bytes."""
    items = "".join(
        f"<ResourceGroupContentItem><ReleaseResourceReference>{r}</ReleaseResourceReference>"
        "</ResourceGroupContentItem>"
        for r in references
    )
    release_flag = f"<ContainsAI>{release_ai}</ContainsAI>" if release_ai else ""
    return (
        HEAD.format(digits=digits)
        + "   <MessageHeader><MessageId>M1</MessageId><MessageSender><PartyId>PADPIDA2007050901U"
        "</PartyId><PartyName><FullName>Label &amp; Co</FullName></PartyName></MessageSender>"
        "<MessageRecipient><PartyId>PADPIDA2007050901U</PartyId></MessageRecipient>"
        "<MessageCreatedDateTime>2026-11-26T08:00:00Z</MessageCreatedDateTime></MessageHeader>\n"
        "   <PartyList>\n"
        "      <Party><PartyReference>PAnn</PartyReference><PartyName><FullName>Ann Lind</FullName>"
        "</PartyName><PartyId><ISNI>0000000121032683</ISNI></PartyId></Party>\n"
        "      <Party><PartyReference>PBob</PartyReference><PartyName><FullName>Bob &#201;k"
        "</FullName></PartyName></Party>\n"
        f"{parties}   </PartyList>\n"
        "   <ResourceList>\n" + "".join(recordings) + "   </ResourceList>\n"
        "   <ReleaseList>\n"
        "      <Release><ReleaseReference>R0</ReleaseReference><ReleaseType>Single</ReleaseType>"
        "<ReleaseId><ICPN>036000291452</ICPN></ReleaseId>"
        "<DisplayTitleText>Sample</DisplayTitleText>"
        "<DisplayTitle><TitleText>Sample</TitleText></DisplayTitle>"
        "<DisplayArtistName>Somebody</DisplayArtistName>"
        "<DisplayArtist><ArtistPartyReference>PAnn</ArtistPartyReference>"
        "<DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>"
        "<ReleaseLabelReference>PBob</ReleaseLabelReference>"
        "<DisplayGenre><GenreText>Folk</GenreText></DisplayGenre>"
        f"<ResourceGroup>{items}</ResourceGroup>{release_flag}</Release>\n"
        "   </ReleaseList>\n</ern:NewReleaseMessage>\n"
    ).encode()
