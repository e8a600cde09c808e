-- What an official's question needs beside the figures themselves.

-- name: observations_of_periods
-- For each place and question the numbers of several periods.
SELECT place_id, question, number, period, submission_id
FROM observation
WHERE current AND number IS NOT NULL
    AND period IN :periods AND place_id IN :places AND question IN :questions;

-- name: version_of_places
-- A row that changes whenever a place, where it lies, or what it went into changes.
SELECT
    (SELECT count(*) FROM place), (SELECT coalesce(max(id), 0) FROM place),
    (SELECT count(*) FROM place WHERE last_day IS NOT NULL),
    (SELECT count(*) FROM place_edge), (SELECT coalesce(max(id), 0) FROM place_edge),
    (SELECT count(*) FROM place_edge WHERE last_day IS NOT NULL),
    (SELECT count(*) FROM place_succession),
    (SELECT count(*) FROM place_event), (SELECT count(*) FROM place_event WHERE undone_at IS NOT NULL),
    (SELECT count(*) FROM place_alias);
