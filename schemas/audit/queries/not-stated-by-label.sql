SELECT entry.label, count(*) AS entries,
    count(*) FILTER (entry.state = 'undeclared') AS "notStated",
    1000 * "notStated" // count(*) AS permille
FROM entry
GROUP BY entry.label
HAVING count(*) >= $entries
