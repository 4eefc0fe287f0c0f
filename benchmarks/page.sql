-- In place of the grounds in contradictions.sql: only those of the first 50 pairs, which are walked
-- to in the order of the refs of their subjects. SQLite only.
page(one, other) AS MATERIALIZED (
    SELECT subject.id, counter.id
    FROM entry AS subject
    CROSS JOIN entry AS counter ON counter.id IN (
        SELECT pro.entry_id
        FROM stance AS con
        JOIN stance AS pro ON pro.proposition_id = con.proposition_id AND pro.value > 0
        WHERE con.entry_id = subject.id AND con.value < 0
        UNION ALL
        SELECT con.entry_id
        FROM stance AS pro
        JOIN stance AS con ON con.proposition_id = pro.proposition_id AND con.value < 0
        WHERE pro.entry_id = subject.id AND pro.value > 0
        UNION ALL
        SELECT to_id FROM link WHERE from_id = subject.id AND relation = 'contradicts'
        UNION ALL
        SELECT from_id FROM link WHERE to_id = subject.id AND relation = 'contradicts'
    )
    WHERE (
        CASE subject.kind
            WHEN 'commitment' THEN 1 WHEN 'claim' THEN 2 WHEN 'statement' THEN 3
            WHEN 'assessment' THEN 4 WHEN 'action' THEN 5 ELSE 6
        END, subject.date_from, subject.ref
    ) < (
        CASE counter.kind
            WHEN 'commitment' THEN 1 WHEN 'claim' THEN 2 WHEN 'statement' THEN 3
            WHEN 'assessment' THEN 4 WHEN 'action' THEN 5 ELSE 6
        END, counter.date_from, counter.ref
    )
    ORDER BY subject.ref, counter.ref
    LIMIT 50
),
ground(one, other, proposition_id, best, strength, judge_id) AS (
    SELECT
        one, other, con.proposition_id,
        min(pro.value, -con.value) * 2 + (pro.basis = 'explicit' AND con.basis = 'explicit'),
        NULL, con.asserted_by_id
    FROM page
    CROSS JOIN stance AS con ON con.entry_id IN (one, other) AND con.value < 0
    CROSS JOIN stance AS pro ON pro.entry_id IN (one, other) AND pro.value > 0
    WHERE pro.proposition_id = con.proposition_id
    UNION ALL
    SELECT one, other, NULL, NULL, link.strength, link.asserted_by_id
    FROM page CROSS JOIN link ON from_id IN (one, other) AND to_id IN (one, other)
    WHERE relation = 'contradicts'
),
