-- The rows of `claimtrack report contradictions --format csv`, as fast as SQL by hand has them.
--
-- It takes advantage of what made-up casebooks are. An entry has one day, two stances (so that a
-- pair has at most two grounds beside its link), none of them 0 and all by one judge, at most two
-- documents, at most one participant, a subject, and it replies to at most one other. Two entries
-- share at most one link. There are no times, no periods spoken of, no exclusive topics, conditions
-- or figures; nothing is superseded or reconciled, nobody acts on another's behalf. So only
-- commitments have a period, from their day on, and two that share a voice have one principal.
--
-- The rows come in no order, which spares a sort that claimtrack has to do. PostgreSQL takes it but
-- for julianday().
WITH RECURSIVE
detail AS NOT MATERIALIZED (  -- of an entry, what is compared, then what is written
    SELECT
        entry.id,
        CASE entry.kind
            WHEN 'commitment' THEN 1 WHEN 'claim' THEN 2 WHEN 'statement' THEN 3
            WHEN 'assessment' THEN 4 WHEN 'action' THEN 5 ELSE 6
        END AS place,
        CAST(julianday(entry.date_from) AS integer) AS day,
        line.root_id, spoken_of.root_id AS spoken_of_id,
        (
            SELECT max(to_id) FROM link WHERE from_id = entry.id AND relation = 'responds_to'
        ) AS answered_id,
        entry.id IN (SELECT from_id FROM clash UNION ALL SELECT to_id FROM clash) AS linked,
        entry.ref, entry.kind, line.ref AS actor, line.root_ref AS principal,
        date_from, date_to, summary,
        (
            SELECT min(url) || CASE WHEN min(url) < max(url) THEN '; ' || max(url) ELSE '' END
            FROM citation JOIN document ON document.id = citation.document_id
            WHERE citation.entry_id = entry.id
        ) AS urls,
        line.path
    FROM entry
    JOIN line ON line.id = entry.actor_id
    LEFT JOIN participation ON participation.entry_id = entry.id AND role = 'subject'
    LEFT JOIN line AS spoken_of ON spoken_of.id = participation.actor_id
),
side AS NOT MATERIALIZED (
    -- A stance, the other one of its entry, and the entry. A weight has a bit for outright and one
    -- for explicit, so that the weight of a ground is that of both stances, bit by bit. also_on is
    -- the proposition of the other stance, negative where it denies it.
    SELECT
        stance.proposition_id, stance.value,
        (abs(stance.value) - 1) * 2 + CASE stance.basis WHEN 'explicit' THEN 1 ELSE 0 END AS weight,
        CASE WHEN also.value < 0 THEN -also.proposition_id ELSE also.proposition_id END AS also_on,
        (abs(also.value) - 1) * 2 + CASE also.basis WHEN 'explicit' THEN 1 ELSE 0 END
        AS also_weight,
        (SELECT ref FROM actor WHERE id = stance.asserted_by_id) AS judge,
        detail.*
    FROM stance
    CROSS JOIN stance AS also
    CROSS JOIN detail
    WHERE also.entry_id = stance.entry_id AND also.proposition_id <> stance.proposition_id
    AND detail.id = stance.entry_id
),
-- <grounds>
line(id, ref, root_id, root_ref, path) AS MATERIALIZED (  -- actors, from the roots down
    SELECT id, ref, id, ref, '/' || id || '/' FROM actor WHERE parent_id IS NULL
    UNION ALL
    SELECT actor.id, actor.ref, root_id, root_ref, path || actor.id || '/'
    FROM line JOIN actor ON actor.parent_id = line.id
),
clash AS MATERIALIZED (
    SELECT id, from_id, to_id, asserted_by_id FROM link WHERE relation = 'contradicts'
),
lone AS (  -- links that are the only ground: no stances oppose, or time keeps them apart
    SELECT clash.*
    FROM clash
    JOIN entry AS one ON one.id = from_id
    JOIN entry AS other ON other.id = to_id
    WHERE (one.kind = 'commitment' AND other.kind = 'action' AND other.date_from < one.date_from)
    OR (one.kind = 'action' AND other.kind = 'commitment' AND one.date_from < other.date_from)
    OR NOT EXISTS (
        SELECT 1
        FROM stance AS mine
        JOIN stance AS theirs ON theirs.proposition_id = mine.proposition_id
        WHERE mine.entry_id = from_id AND theirs.entry_id = to_id AND mine.value * theirs.value < 0
    )
),
denial AS (  -- which are few
    SELECT proposition.id AS ground_id, proposition.ref AS proposition, side.*
    FROM proposition CROSS JOIN side
    WHERE side.proposition_id = proposition.id AND side.value < 0
),
affirmation AS (  -- of what is denied
    SELECT ground_id, proposition, side.*
    FROM (SELECT DISTINCT ground_id, proposition FROM con WHERE ground_id > 0) AS denied
    CROSS JOIN side
    WHERE side.proposition_id = ground_id AND side.value > 0
),
-- </grounds>
con AS MATERIALIZED (  -- a link that is the only ground comes with a number below 0
    SELECT * FROM denial
    UNION ALL
    SELECT -lone.id, NULL, NULL, NULL, NULL, NULL, NULL, judge.ref, detail.*
    FROM lone CROSS JOIN detail CROSS JOIN actor AS judge
    WHERE detail.id = from_id AND judge.id = asserted_by_id
),
pro AS MATERIALIZED (
    SELECT * FROM affirmation
    UNION ALL
    SELECT -lone.id, NULL, NULL, NULL, NULL, NULL, NULL, judge.ref, detail.*
    FROM lone CROSS JOIN detail CROSS JOIN actor AS judge
    WHERE detail.id = to_id AND judge.id = asserted_by_id
),
pair(  -- an arm for each side that may be the subject, which is cheaper than a CASE for each column
    ground_id, proposition, proposition_id, subject_value, subject_weight, subject_also_on,
    subject_also_weight, judge,
    subject_id, subject_place, subject_day, subject_root_id, subject_spoken_of_id,
    subject_answered_id, subject_linked, subject_ref, subject_kind, subject_actor,
    subject_principal, subject_date_from, subject_date_to, subject_summary, subject_urls,
    subject_path,
    counter_ground_id, counter_proposition, counter_proposition_id, counter_value, counter_weight,
    counter_also_on, counter_also_weight, counter_judge,
    counter_id, counter_place, counter_day, counter_root_id, counter_spoken_of_id,
    counter_answered_id, counter_linked, counter_ref, counter_kind, counter_actor,
    counter_principal, counter_date_from, counter_date_to, counter_summary, counter_urls,
    counter_path
) AS (
    SELECT con.*, pro.*
    FROM pro CROSS JOIN con
    WHERE con.ground_id = pro.ground_id
    AND (con.place, con.day, con.ref) < (pro.place, pro.day, pro.ref)
    UNION ALL
    SELECT pro.*, con.*
    FROM pro CROSS JOIN con
    WHERE con.ground_id = pro.ground_id
    AND (pro.place, pro.day, pro.ref) < (con.place, con.day, con.ref)
),
weighed AS (
    SELECT
        pair.*,
        subject_also_on = -counter_also_on AS twice,
        CASE
            WHEN subject_also_on = -counter_also_on
                AND subject_also_weight & counter_also_weight > subject_weight & counter_weight
                THEN subject_also_weight & counter_also_weight
            ELSE subject_weight & counter_weight
        END AS weight,
        CASE WHEN subject_linked AND counter_linked THEN (
            SELECT strength FROM link
            WHERE from_id IN (subject_id, counter_id) AND to_id IN (subject_id, counter_id)
            AND relation = 'contradicts'
        ) END AS link_strength,
        subject_root_id = counter_root_id AND (
            substr(counter_path, 1, length(subject_path)) = subject_path
            OR substr(subject_path, 1, length(counter_path)) = counter_path
        ) AS one_voice
    FROM pair
    WHERE ground_id < 0 OR NOT (
        (subject_place = 1 AND counter_place = 5 AND counter_day < subject_day)
        OR (subject_also_on = -counter_also_on AND abs(subject_also_on) < proposition_id)
    )
),
classed AS (
    SELECT
        weighed.*,
        CASE  -- 1 commitment, 2 claim, 3 statement, 4 assessment, 5 action; numbers compare faster
            WHEN subject_place = 1 AND counter_place = 5 THEN CASE
                WHEN one_voice AND subject_day <= counter_day THEN 'breach'
                WHEN subject_root_id = counter_root_id THEN 'inconsistent_line'
                ELSE 'dispute'
            END
            WHEN subject_place = 2 AND counter_place = 2 THEN 'source_conflict'
            WHEN subject_place < 5 AND counter_place = 5 THEN CASE
                WHEN counter_root_id <> subject_root_id
                    AND (subject_spoken_of_id IS NULL OR counter_root_id <> subject_spoken_of_id)
                    THEN 'countered_by_action'
                WHEN weight = 3 AND subject_day < counter_day THEN 'belied_by_action'
                ELSE 'at_odds_with_action'
            END
            WHEN subject_place = 4 OR counter_place = 4 THEN 'assessed_against'
            WHEN counter_place = 3 AND counter_answered_id = subject_id
                AND NOT one_voice AND subject_day <= counter_day THEN 'denial'
            WHEN subject_place = 3 AND subject_answered_id = counter_id
                AND NOT one_voice AND counter_day <= subject_day THEN 'denial'
            WHEN subject_place = 2 AND counter_place = 3 THEN 'at_odds_with_record'
            WHEN subject_place = 3 AND counter_place = 3 THEN CASE
                WHEN one_voice AND subject_day < counter_day THEN 'reversal'
                WHEN subject_root_id = counter_root_id THEN 'inconsistent_line'
                ELSE 'dispute'
            END
            ELSE 'dispute'
        END AS class
    FROM weighed
)
SELECT
    subject_ref, subject_kind, subject_actor, subject_principal,
    subject_date_from, subject_date_to,
    NULL AS subject_time_from, NULL AS subject_time_to, subject_summary,
    counter_ref, counter_kind, counter_actor, counter_principal,
    counter_date_from, counter_date_to,
    NULL AS counter_time_from, NULL AS counter_time_to, counter_summary,
    class,
    CASE WHEN subject_place = 1 AND counter_place = 5 THEN CASE
        WHEN class = 'breach' AND subject_day = counter_day THEN 'possible'
        WHEN class = 'breach' OR ground_id > 0 THEN 'certain'
    END END AS timing,
    CASE
        WHEN ground_id < 0 THEN 'linked' WHEN link_strength IS NULL THEN 'derived' ELSE 'confirmed'
    END AS status,
    NULL AS reconciled_by,
    CASE WHEN ground_id < 0 THEN link_strength ELSE weight / 2 + 1 END AS strength,
    CASE weight % 2 WHEN 1 THEN 'explicit' WHEN 0 THEN 'inferred' END AS basis,
    CASE
        WHEN ground_id < 0 THEN 'link' WHEN link_strength IS NULL THEN 'proposition'
        ELSE 'proposition; link'
    END AS via,
    CASE WHEN twice THEN (
        SELECT min(ref) || '; ' || max(ref) FROM proposition
        WHERE id IN (proposition_id, abs(subject_also_on))
    ) ELSE proposition END AS propositions,
    NULL AS measures,
    NULL AS conditions,
    judge AS asserted_by,
    counter_day - subject_day AS days,
    subject_urls,
    counter_urls
FROM classed
