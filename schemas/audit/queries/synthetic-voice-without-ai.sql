WITH synthetic AS (
    SELECT voice.claim, voice.kind AS how, sung.area
    FROM voice
    JOIN (VALUES ('leadVocals'), ('backingVocals')) AS sung (area)
        ON voice.area IS NULL OR voice.area = sung.area
    WHERE voice.kind <> 'notSynthetic'
    UNION
    SELECT persona.claim, persona.identity, 'leadVocals' FROM persona
    WHERE persona.identity = 'aiPersona'
)
SELECT exhibit.isrc, exhibit.title, exhibit.artist, synthetic.how AS synthetic, synthetic.area,
    one.signer, one."callsItself", other.signer AS "otherSigner",
    other."callsItself" AS "otherCallsItself", max(exhibit.at) AS "lastSeen"
FROM synthetic
JOIN verification AS one ON one.statement = synthetic.claim AND one.live
JOIN verification AS other ON other.exhibit = one.exhibit AND other.live
JOIN level ON level.verification = other.node
    AND level.area = synthetic.area AND level.level = 'none'
JOIN exhibit ON exhibit.node = one.exhibit
GROUP BY exhibit.isrc, exhibit.title, exhibit.artist, synthetic.how, synthetic.area,
    one.signer, one."callsItself", other.signer, other."callsItself"
