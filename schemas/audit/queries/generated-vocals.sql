WITH heard AS (
    SELECT entry.node, entry.inWeek, max(level.degree) AS vocals
    FROM entry
    LEFT JOIN verification ON verification.exhibit = entry.exhibit AND verification.counts
    LEFT JOIN level ON level.verification = verification.node
        AND level.area IN ('leadVocals', 'backingVocals')
    GROUP BY entry.node, entry.inWeek
), counted AS (
    SELECT week.chart, week.week, week.previous, count(*) AS entries,
        count(*) FILTER (vocals >= $level) AS generated,
        count(*) FILTER (vocals IS NULL) AS "noLevel",
        1000 * generated // entries AS permille
    FROM heard JOIN week ON week.node = heard.inWeek
    GROUP BY week.chart, week.week, week.previous
)
SELECT one.chart, one.week, one.entries, one.generated, one."noLevel", one.permille,
    one.permille - earlier.permille AS change
FROM counted AS one
LEFT JOIN counted AS earlier ON earlier.chart = one.chart AND earlier.week = one.previous
