SELECT exhibit.isrc, exhibit.title, exhibit.artist, exhibit.label, verification.signer,
    verification."callsItself", verification.key, "check".code, verification.status,
    verification.counts, max(exhibit.at) AS "lastSeen"
FROM "check"
JOIN verification ON verification.node = "check".verification
JOIN exhibit ON exhibit.node = verification.exhibit
WHERE "check".code IN ('identity.revoked', 'identity.revoked-no-poe')
GROUP BY exhibit.isrc, exhibit.title, exhibit.artist, exhibit.label, verification.statement,
    verification.signer, verification."callsItself", verification.key, "check".code,
    verification.status, verification.counts
