-- What an official's question needs beside the figures themselves.

-- name: oldest_newest
-- The earliest last day among the newest reports of :places to a questionnaire, of periods ended by :until.
SELECT min(newest.day) AS day FROM (
    SELECT (
        SELECT max(one.period_end)
        FROM submission AS one
        WHERE one.place_id = place.id AND one.form_name = :form AND one.current AND one.period_end <= :until
    ) AS day
    FROM place
    WHERE place.id IN :places
) AS newest;
