SELECT entry.chart, entry.week, entry.rank, entry.isrc, entry.title, entry.artist, entry.label,
    verification.signer, verification."callsItself", verification.rung
FROM entry
JOIN flag ON flag.exhibit = entry.exhibit AND flag.flag = 'signerNotLabel'
JOIN verification ON verification.exhibit = entry.exhibit AND verification.counts
WHERE entry.label <> ''
