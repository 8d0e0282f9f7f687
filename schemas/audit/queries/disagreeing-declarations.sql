SELECT exhibit.isrc, exhibit.title, exhibit.artist, mine.area, one.signer, one."callsItself",
    mine.level, other.signer AS "otherSigner", other."callsItself" AS "otherCallsItself",
    theirs.level AS "otherLevel", max(exhibit.at) AS "lastSeen"
FROM verification AS one
JOIN verification AS other ON other.exhibit = one.exhibit AND other.live
    AND one.statement < other.statement
JOIN level AS mine ON mine.verification = one.node
JOIN level AS theirs ON theirs.verification = other.node
    AND theirs.area = mine.area AND theirs.level <> mine.level
JOIN exhibit ON exhibit.node = one.exhibit
WHERE one.live
GROUP BY exhibit.isrc, exhibit.title, exhibit.artist, one.statement, other.statement, mine.area,
    one.signer, one."callsItself", mine.level, other.signer, other."callsItself", theirs.level
