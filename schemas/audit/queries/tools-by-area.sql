SELECT use.system, use.provider, use.area,
    count(DISTINCT exhibit.recording) AS recordings, count(DISTINCT entry.node) AS entries
FROM use
JOIN verification ON verification.statement = use.claim AND verification.counts
JOIN exhibit ON exhibit.node = verification.exhibit
JOIN entry ON entry.exhibit = exhibit.node
WHERE use.degree >= $level
GROUP BY use.system, use.provider, use.area
