-- The ledger of figures. Written so that SQLite and PostgreSQL read them alike.

-- name: ledger_tree
-- Everything that :places ever lay in or went into, with each edge (succeeds = 0) and each succession (1 whole,
-- 2 in part). A place with neither has one row without `other`. Edges and successions are joined one beside the
-- other: joined as one list, they would all be read every time.
WITH RECURSIVE up(id) AS (
    SELECT id FROM place WHERE id IN :places
    UNION
    SELECT CASE WHEN step.succeeds = 0 THEN edge.parent_id ELSE went.to_id END
    FROM up
    CROSS JOIN (SELECT 0 AS succeeds UNION ALL SELECT 1) AS step
    LEFT JOIN place_edge AS edge ON step.succeeds = 0 AND edge.child_id = up.id
    LEFT JOIN place_succession AS went ON step.succeeds = 1 AND went.from_id = up.id
    WHERE edge.id IS NOT NULL OR went.id IS NOT NULL
)
SELECT up.id, place.level, place.first_day, place.last_day, 0 AS succeeds,
    edge.parent_id AS other, edge.first_day AS since, edge.last_day AS until
FROM up
JOIN place ON place.id = up.id
LEFT JOIN place_edge AS edge ON edge.child_id = up.id
UNION ALL
SELECT up.id, place.level, place.first_day, place.last_day, CASE WHEN step.whole THEN 1 ELSE 2 END,
    step.to_id, step.day, NULL
FROM up
JOIN place ON place.id = up.id
JOIN place_succession AS step ON step.from_id = up.id;

-- name: ledger_reporters
-- The places with reports that ever lay in or went into :places, and those themselves.
WITH RECURSIVE down(id) AS (
    SELECT id FROM place WHERE id IN :places
    UNION
    SELECT CASE WHEN step.succeeds = 0 THEN edge.child_id ELSE came.from_id END
    FROM down
    CROSS JOIN (SELECT 0 AS succeeds UNION ALL SELECT 1) AS step
    LEFT JOIN place_edge AS edge ON step.succeeds = 0 AND edge.parent_id = down.id
    LEFT JOIN place_succession AS came ON step.succeeds = 1 AND came.to_id = down.id
    WHERE edge.id IS NOT NULL OR came.id IS NOT NULL
)
SELECT id FROM down WHERE EXISTS (SELECT 1 FROM submission WHERE submission.place_id = down.id) ORDER BY id;

-- name: ledger_predecessors
-- The places that went into :place, and those that had gone into these.
WITH RECURSIVE came(id) AS (
    SELECT from_id FROM place_succession WHERE to_id = :place
    UNION
    SELECT before.from_id FROM came JOIN place_succession AS before ON before.to_id = came.id
)
SELECT id FROM came WHERE id <> :place ORDER BY id;

-- name: ledger_neighbours
-- The current reports of a place and form just before and just after a period.
SELECT id, place_id, form_name, period, period_end FROM (
    SELECT id, place_id, form_name, period, period_end
    FROM submission
    WHERE place_id = :place AND form_name = :form AND current AND period <> :period
        AND (period_end < :day OR (period_end = :day AND period < :period))
    ORDER BY period_end DESC, period DESC
    LIMIT 1
) AS before
UNION ALL
SELECT id, place_id, form_name, period, period_end FROM (
    SELECT id, place_id, form_name, period, period_end
    FROM submission
    WHERE place_id = :place AND form_name = :form AND current AND period <> :period
        AND (period_end > :day OR (period_end = :day AND period > :period))
    ORDER BY period_end, period
    LIMIT 1
) AS later;

-- name: ledger_totals
-- Sums by place and measure of the changes from :first to :last, under the boundaries of :boundary.
SELECT place_id, measure_id, sum(reports) AS reports, sum(numerator) AS numerator,
    sum(numerator_rest) AS numerator_rest, sum(denominator) AS denominator, sum(denominator_rest) AS denominator_rest
FROM ledger
WHERE place_id IN :places AND measure_id IN :measures AND day BETWEEN :first AND :last AND boundary <= :boundary
GROUP BY place_id, measure_id;

-- name: ledger_latest
-- The latest day until :last on which something was reported, and as what; of several, as :like.
SELECT day, measure_id
FROM ledger
WHERE place_id IN :places AND measure_id IN :measures AND day <= :last AND boundary <= :boundary
GROUP BY day, measure_id
HAVING sum(reports) > 0
ORDER BY day DESC, CASE WHEN measure_id = :like THEN 0 ELSE 1 END
LIMIT 1;

-- name: ledger_differences
-- What the ledger holds and the recomputed one does not, or the other way round.
SELECT place_id, measure_id, day, boundary, sum(reports) AS reports, sum(numerator) AS numerator,
    sum(denominator) AS denominator
FROM (
    SELECT place_id, measure_id, day, boundary, reports, numerator, numerator_rest, denominator, denominator_rest
    FROM ledger
    UNION ALL
    SELECT place_id, measure_id, day, boundary, -reports, -numerator, -numerator_rest, -denominator, -denominator_rest
    FROM ledger_recomputed
) AS both_sides
GROUP BY place_id, measure_id, day, boundary
HAVING sum(reports) <> 0 OR sum(numerator) <> 0 OR sum(numerator_rest) <> 0
    OR sum(denominator) <> 0 OR sum(denominator_rest) <> 0
ORDER BY place_id, measure_id, day, boundary
LIMIT 1000;

-- name: ledger_room
-- A table like the ledger for what is recomputed; it is gone with the connection.
CREATE TEMPORARY TABLE ledger_recomputed (
    place_id BIGINT NOT NULL, measure_id BIGINT NOT NULL, day INTEGER NOT NULL, boundary INTEGER NOT NULL,
    shard INTEGER NOT NULL, reports INTEGER NOT NULL, numerator BIGINT NOT NULL, numerator_rest BIGINT NOT NULL,
    denominator BIGINT NOT NULL, denominator_rest BIGINT NOT NULL
);

-- name: ledger_room_gone
DROP TABLE ledger_recomputed;

-- name: ledger_values
-- The numbers of some submissions.
SELECT submission_id, question, number FROM observation WHERE submission_id IN :submissions AND number IS NOT NULL;

-- name: ledger_numbers
-- The numbers of the current reports of some places.
SELECT submission_id, question, number
FROM observation
WHERE place_id IN :places AND current AND number IS NOT NULL;

-- name: ledger_reports
-- The current reports of some places in their order.
SELECT id, place_id, form_name, period, period_end
FROM submission
WHERE place_id IN :places AND current
ORDER BY place_id, form_name, period_end, period;

-- name: ledger_places
-- Every place with a report.
SELECT DISTINCT place_id FROM submission ORDER BY place_id;

-- name: ledger_add
-- Add to a row of the ledger, or begin it.
INSERT INTO ledger (
    place_id, measure_id, day, boundary, shard,
    reports, numerator, numerator_rest, denominator, denominator_rest
)
VALUES (
    :place_id, :measure_id, :day, :boundary, :shard,
    :reports, :numerator, :numerator_rest, :denominator, :denominator_rest
)
ON CONFLICT (place_id, measure_id, day, boundary, shard) DO UPDATE SET
    reports = ledger.reports + excluded.reports,
    numerator = ledger.numerator + excluded.numerator,
    numerator_rest = ledger.numerator_rest + excluded.numerator_rest,
    denominator = ledger.denominator + excluded.denominator,
    denominator_rest = ledger.denominator_rest + excluded.denominator_rest;

-- name: ledger_recomputed_add
-- Note a part of what is recomputed; the parts are added up in the end.
INSERT INTO ledger_recomputed (
    place_id, measure_id, day, boundary, shard,
    reports, numerator, numerator_rest, denominator, denominator_rest
)
VALUES (
    :place_id, :measure_id, :day, :boundary, :shard,
    :reports, :numerator, :numerator_rest, :denominator, :denominator_rest
);

-- name: ledger_lock
-- On PostgreSQL: let others read, but not post.
LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE;
