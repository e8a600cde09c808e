-- Ways through the tree of places. `:on` is the day asked about; a place that was closed before is looked at on
-- its own last day. Written so that SQLite and PostgreSQL read them alike.

-- name: above
-- What :place lies in on that very day, nearest first.
WITH RECURSIVE up(id, depth) AS (
    SELECT CAST(:place AS BIGINT), 0
    UNION ALL
    SELECT edge.parent_id, up.depth + 1
    FROM up
    JOIN place_edge AS edge ON edge.child_id = up.id
    WHERE edge.first_day <= :on AND (edge.last_day IS NULL OR edge.last_day >= :on) AND up.depth < 10
)
SELECT id FROM up WHERE depth > 0 ORDER BY depth;

-- name: below
-- :root, which was not closed before that day, and everything below it. What stands holds only what stands, so
-- successions need not be looked at: this is much quicker than `ground`.
WITH RECURSIVE down(id) AS (
    SELECT CAST(:root AS BIGINT)
    UNION
    SELECT edge.child_id
    FROM down
    JOIN place_edge AS edge ON edge.parent_id = down.id
    WHERE edge.first_day <= :on AND (edge.last_day IS NULL OR edge.last_day >= :on)
)
SELECT id FROM down;

-- name: ground
-- :root, which was closed, everything below it, and what its closed parts went into. Where :of_parts only, a province or
-- district that had parts is left out of the last: what it went into itself is more than it was.
WITH RECURSIVE ground(id) AS (
    SELECT CAST(:root AS BIGINT)
    UNION
    SELECT CASE way.succeeds WHEN 0 THEN edge.child_id ELSE succession.to_id END
    FROM ground
    JOIN place ON place.id = ground.id
    CROSS JOIN (SELECT 0 AS succeeds UNION ALL SELECT 1) AS way
    LEFT JOIN place_edge AS edge ON way.succeeds = 0 AND edge.parent_id = ground.id
    LEFT JOIN place_succession AS succession ON way.succeeds = 1 AND succession.from_id = ground.id
    WHERE (
        way.succeeds = 0
        AND edge.first_day <= CASE WHEN place.last_day < :on THEN place.last_day ELSE :on END
        AND (edge.last_day IS NULL OR edge.last_day >= CASE WHEN place.last_day < :on THEN place.last_day ELSE :on END)
    ) OR (
        way.succeeds = 1 AND succession.day <= :on AND place.last_day < :on
        AND NOT (
            CAST(:of_parts AS BOOLEAN) AND place.level IN ('tinh', 'huyen')
            AND EXISTS (SELECT 1 FROM place_edge AS part WHERE part.parent_id = place.id)
        )
    )
)
SELECT id FROM ground;

-- name: holders
-- Every place whose ground includes :place, and itself. Both ways up are looked up by what lies there: a union of the two
-- tables would be made anew, of all places there are, for each village.
WITH RECURSIVE holder(id) AS (
    SELECT CAST(:place AS BIGINT)
    UNION
    SELECT place.id
    FROM holder
    CROSS JOIN (SELECT 0 AS succeeds UNION ALL SELECT 1) AS way
    LEFT JOIN place_edge AS edge ON way.succeeds = 0 AND edge.child_id = holder.id
    LEFT JOIN place_succession AS succession ON way.succeeds = 1 AND succession.to_id = holder.id
    JOIN place ON place.id = CASE way.succeeds WHEN 0 THEN edge.parent_id ELSE succession.from_id END
    WHERE (
        way.succeeds = 0
        AND edge.first_day <= CASE WHEN place.last_day < :on THEN place.last_day ELSE :on END
        AND (edge.last_day IS NULL OR edge.last_day >= CASE WHEN place.last_day < :on THEN place.last_day ELSE :on END)
    ) OR (way.succeeds = 1 AND succession.day <= :on AND place.last_day < :on)
)
SELECT id FROM holder;

-- name: heirs
-- What :place, or what it went into, still stands on that day: itself unless it was closed before. Nothing, where it
-- was closed and went into nothing.
WITH RECURSIVE heir(id) AS (
    SELECT CAST(:place AS BIGINT)
    UNION
    SELECT succession.to_id
    FROM heir
    JOIN place ON place.id = heir.id
    JOIN place_succession AS succession ON succession.from_id = heir.id
    WHERE succession.day <= :on AND place.last_day < :on
)
SELECT heir.id FROM heir JOIN place ON place.id = heir.id WHERE place.last_day IS NULL OR place.last_day >= :on ORDER BY heir.id;

-- name: steps_of_closed
-- From every place that was closed before that day to what lay in it on its last day and to what it went into.
SELECT edge.parent_id, edge.child_id
FROM place_edge AS edge
JOIN place ON place.id = edge.parent_id
WHERE place.last_day < :on
    AND edge.first_day <= place.last_day AND (edge.last_day IS NULL OR edge.last_day >= place.last_day)
UNION ALL
SELECT succession.from_id, succession.to_id
FROM place_succession AS succession
JOIN place ON place.id = succession.from_id
WHERE place.last_day < :on AND succession.day <= :on;

-- name: version_of_places
-- A row that changes whenever a place, where it lies, what it went into, or a name changes: places and edges are
-- only added, or changed by an event.
SELECT
    (SELECT coalesce(max(id), 0) FROM place), (SELECT coalesce(max(id), 0) FROM place_edge),
    (SELECT coalesce(max(id), 0) FROM place_succession), (SELECT count(*) FROM place_alias),
    (SELECT count(*) FROM place_event), (SELECT count(*) FROM place_event WHERE undone_at IS NOT NULL);
