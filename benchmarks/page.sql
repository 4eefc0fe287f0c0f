-- In place of the grounds in contradictions.sql: only those of the first 50 pairs, which are walked
-- to in the order of the refs of their subjects. SQLite only.
page AS MATERIALIZED (
    SELECT row_number() OVER () AS id, found.*
    FROM (
        SELECT
            subject.id AS subject_id, counter.id AS counter_id,
            subject.kind = 'commitment' AND counter.kind = 'action'
            AND counter.date_from < subject.date_from AS apart
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
        AND (NOT apart OR EXISTS (
            SELECT 1 FROM link
            WHERE from_id IN (subject.id, counter.id) AND to_id IN (subject.id, counter.id)
            AND relation = 'contradicts'
        ))
        ORDER BY subject.ref, counter.ref
        LIMIT 50
    ) AS found
),
up(id, at_id, path) AS (  -- of the actors of these pairs, up to the root
    SELECT actor_id, actor_id, '/' || actor_id || '/'
    FROM (
        SELECT actor_id FROM page JOIN entry ON entry.id IN (subject_id, counter_id)
        UNION
        SELECT actor_id
        FROM page JOIN participation ON entry_id IN (subject_id, counter_id) AND role = 'subject'
    )
    UNION ALL
    SELECT up.id, parent_id, '/' || parent_id || path
    FROM up JOIN actor ON actor.id = at_id
    WHERE parent_id IS NOT NULL
),
line(id, ref, root_id, root_ref, path) AS MATERIALIZED (
    SELECT actor.id, actor.ref, root.id, root.ref, path
    FROM up
    CROSS JOIN actor AS root ON root.id = at_id AND root.parent_id IS NULL
    CROSS JOIN actor ON actor.id = up.id
),
clash AS (  -- whether it is linked is asked of each pair, since they are few
    SELECT subject_id AS from_id, counter_id AS to_id FROM page
),
ground AS MATERIALIZED (  -- numbered, so that no denial meets an affirmation of another pair
    SELECT
        row_number() OVER () AS id, page.id AS page_id,
        con.entry_id AS con_id, pro.entry_id AS pro_id,
        proposition.id AS proposition_id, proposition.ref AS proposition
    FROM page
    CROSS JOIN stance AS con ON con.entry_id IN (subject_id, counter_id) AND con.value < 0
    CROSS JOIN stance AS pro ON pro.entry_id IN (subject_id, counter_id) AND pro.value > 0
    CROSS JOIN proposition ON proposition.id = con.proposition_id
    WHERE pro.proposition_id = con.proposition_id AND NOT apart
),
lone AS (
    SELECT link.*
    FROM page
    CROSS JOIN link ON from_id IN (subject_id, counter_id) AND to_id IN (subject_id, counter_id)
    WHERE relation = 'contradicts' AND page.id NOT IN (SELECT page_id FROM ground)
),
denial AS (
    SELECT ground.id AS ground_id, proposition, side.*
    FROM ground CROSS JOIN side
    WHERE side.id = con_id AND side.proposition_id = ground.proposition_id
),
affirmation AS (
    SELECT ground.id AS ground_id, proposition, side.*
    FROM ground CROSS JOIN side
    WHERE side.id = pro_id AND side.proposition_id = ground.proposition_id
),
