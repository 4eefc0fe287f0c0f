-- The rows of `claimtrack report contradictions --format csv`, as fast as SQL by hand has them.
--
-- It takes advantage of what made-up casebooks are: one judge, and two stances and at most two
-- citations an entry (so that a list has at most two members, its least and its greatest); days,
-- no spans of days; no periods spoken of, exclusive topics, conditions, entries that are
-- superseded, pairs that are reconciled, or entries on another's behalf. The rows come in no order,
-- which spares a sort that claimtrack has to do. PostgreSQL takes it but for julianday().
WITH RECURSIVE
principal(actor_id, root_id) AS MATERIALIZED (  -- from the roots down, once for all
    SELECT id, id FROM actor WHERE parent_id IS NULL
    UNION ALL
    SELECT actor.id, principal.root_id
    FROM principal JOIN actor ON actor.parent_id = principal.actor_id
),
-- <grounds>
ground(one, other, proposition_id, best, strength, judge_id) AS (
    -- from the denials, which are few; best = 2 * strength + 1 if explicit
    SELECT
        CASE WHEN pro.entry_id < con.entry_id THEN pro.entry_id ELSE con.entry_id END,
        CASE WHEN pro.entry_id < con.entry_id THEN con.entry_id ELSE pro.entry_id END,
        con.proposition_id,
        CASE WHEN pro.value < -con.value THEN pro.value ELSE -con.value END * 2
        + CASE WHEN pro.basis = 'explicit' AND con.basis = 'explicit' THEN 1 ELSE 0 END,
        NULL,
        con.asserted_by_id
    FROM stance AS con
    JOIN stance AS pro ON pro.proposition_id = con.proposition_id AND pro.value > 0
    WHERE con.value < 0
    UNION ALL
    SELECT
        CASE WHEN from_id < to_id THEN from_id ELSE to_id END,
        CASE WHEN from_id < to_id THEN to_id ELSE from_id END,
        NULL, NULL, strength, asserted_by_id
    FROM link
    WHERE relation = 'contradicts'
),
-- </grounds>
pair AS MATERIALIZED (
    SELECT
        one, other, max(best) AS best, max(strength) AS linked, max(judge_id) AS judge_id,
        min(proposition_id) AS first_id, max(proposition_id) AS last_id
    FROM ground
    GROUP BY one, other
),
told AS MATERIALIZED (  -- what is shown of an entry, once, in however many pairs it stands
    SELECT
        entry.id, entry.ref, entry.kind, actor.ref AS actor,
        entry.date_from, entry.date_to, entry.summary, principal.root_id,
        CAST(julianday(entry.date_from) AS integer) AS day,
        CASE entry.kind
            WHEN 'commitment' THEN 1 WHEN 'claim' THEN 2 WHEN 'statement' THEN 3
            WHEN 'assessment' THEN 4 WHEN 'action' THEN 5 ELSE 6
        END AS place,
        (
            SELECT min(url) || CASE WHEN min(url) < max(url) THEN '; ' || max(url) ELSE '' END
            FROM citation JOIN document ON document.id = citation.document_id
            WHERE citation.entry_id = entry.id
        ) AS urls
    FROM entry
    JOIN actor ON actor.id = entry.actor_id
    JOIN principal ON principal.actor_id = actor.id
    WHERE entry.id IN (SELECT one FROM pair UNION SELECT other FROM pair)
),
sided AS MATERIALIZED (
    SELECT
        pair.*,
        CASE WHEN (a.place, a.day, a.ref) < (b.place, b.day, b.ref) THEN one ELSE other END
        AS subject_id,
        CASE WHEN (a.place, a.day, a.ref) < (b.place, b.day, b.ref) THEN other ELSE one END
        AS counter_id
    FROM pair
    JOIN told AS a ON a.id = one
    JOIN told AS b ON b.id = other
)
SELECT
    subject.ref AS subject_ref, subject.kind AS subject_kind, subject.actor AS subject_actor,
    subject.date_from AS subject_date_from, subject.date_to AS subject_date_to,
    subject.summary AS subject_summary,
    counter.ref AS counter_ref, counter.kind AS counter_kind, counter.actor AS counter_actor,
    counter.date_from AS counter_date_from, counter.date_to AS counter_date_to,
    counter.summary AS counter_summary,
    CASE
        WHEN subject.kind = 'commitment' AND counter.kind = 'action'
            AND subject.day <= counter.day AND subject.root_id = counter.root_id THEN 'breach'
        WHEN subject.kind = 'claim' AND counter.kind = 'claim' THEN 'source_conflict'
        WHEN counter.kind = 'action' AND subject.kind IN ('claim', 'statement', 'assessment')
            THEN 'belied_by_action'
        WHEN subject.kind = 'assessment' OR counter.kind = 'assessment' THEN 'assessed_against'
        WHEN counter.kind = 'statement' AND EXISTS (
            SELECT 1 FROM link
            WHERE from_id = counter.id AND to_id = subject.id AND relation = 'responds_to'
        ) THEN 'denial'
        WHEN subject.kind = 'statement' AND EXISTS (
            SELECT 1 FROM link
            WHERE from_id = subject.id AND to_id = counter.id AND relation = 'responds_to'
        ) THEN 'denial'
        WHEN subject.kind = 'claim' AND counter.kind = 'statement' THEN 'at_odds_with_record'
        WHEN subject.kind = 'statement' AND counter.kind = 'statement'
            AND subject.day <> counter.day AND subject.root_id = counter.root_id THEN 'reversal'
        ELSE 'dispute'
    END AS class,
    CASE
        WHEN linked IS NULL THEN 'derived' WHEN best IS NULL THEN 'linked' ELSE 'confirmed'
    END AS status,
    CASE WHEN best IS NULL THEN linked ELSE best / 2 END AS strength,
    CASE best % 2 WHEN 1 THEN 'explicit' WHEN 0 THEN 'inferred' END AS basis,
    CASE
        WHEN linked IS NULL THEN 'proposition' WHEN best IS NULL THEN 'link'
        ELSE 'proposition; link'
    END AS via,
    CASE
        WHEN first_id = last_id THEN first.ref
        WHEN first.ref < last.ref THEN first.ref || '; ' || last.ref
        ELSE last.ref || '; ' || first.ref
    END AS propositions,
    NULL AS conditions,
    judge.ref AS asserted_by,
    counter.day - subject.day AS days,
    subject.urls AS subject_urls,
    counter.urls AS counter_urls
FROM sided
JOIN told AS subject ON subject.id = subject_id
JOIN told AS counter ON counter.id = counter_id
JOIN actor AS judge ON judge.id = judge_id
LEFT JOIN proposition AS first ON first.id = first_id
LEFT JOIN proposition AS last ON last.id = last_id
