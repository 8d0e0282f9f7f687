SELECT outcome.profile, outcome.issuer, outcome.rule, outcome.outcome,
    count(DISTINCT entry.node) AS entries, count(DISTINCT exhibit.recording) AS recordings,
    outcome.clause
FROM outcome
JOIN exhibit ON exhibit.node = outcome.exhibit
JOIN entry ON entry.exhibit = exhibit.node AND entry."namesDiffer" = outcome."namesDiffer"
GROUP BY outcome.profile, outcome.issuer, outcome.rule, outcome.outcome, outcome.clause
