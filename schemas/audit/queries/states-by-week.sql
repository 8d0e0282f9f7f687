SELECT entry.chart, entry.week, count(*) AS entries,
    count(*) FILTER (entry.state = 'declared') AS declared,
    count(*) FILTER (entry.state = 'contradicted') AS contradicted,
    count(*) FILTER (entry.state = 'unverifiable') AS unverifiable,
    count(*) FILTER (entry.state = 'undeclared') AS "notStated"
FROM entry
GROUP BY entry.chart, entry.week
