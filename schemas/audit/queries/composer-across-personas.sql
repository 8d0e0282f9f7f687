WITH paired AS (
    SELECT DISTINCT credit.person, credit.name, persona.person AS persona, claim.node AS claim,
        claim.day, left(claim.issued, 10) AS since
    FROM credit
    JOIN persona ON persona.claim = credit.claim AND persona.identity = 'aiPersona'
    JOIN claim ON claim.node = credit.claim
    WHERE credit.writes AND credit.person <> '' AND persona.person <> ''
), starts AS (
    SELECT DISTINCT person, day, since FROM paired
)
SELECT min(paired.name) AS composer, starts.since,
    count(DISTINCT paired.persona) AS personas, count(DISTINCT paired.claim) AS declarations
FROM starts
JOIN paired ON paired.person = starts.person
    AND paired.day >= starts.day AND paired.day < starts.day + $days
GROUP BY starts.person, starts.day, starts.since
HAVING count(DISTINCT paired.persona) > $personas
