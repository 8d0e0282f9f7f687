SELECT exhibit.isrc, exhibit.title, exhibit.artist, exhibit.label, flag.charted, flag."weeksOnChart", flag.declared,
    flag.days, verification.proven IS NOT NULL AS proven, verification.signer,
    verification."callsItself", max(exhibit.at) AS "lastSeen"
FROM flag
JOIN exhibit ON exhibit.node = flag.exhibit
JOIN verification ON verification.exhibit = exhibit.node AND verification.counts
WHERE flag.flag = 'declaredAfterCharting' AND flag.days >= $days
GROUP BY ALL
