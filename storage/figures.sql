-- What figures are made of. Only current observations count; written so that SQLite and PostgreSQL read them alike.

-- name: latest_observations
-- For each place and question the number of its latest period that ended by :until (several rows where a
-- question was repeated).
SELECT place_id, question, number, estimate, period, submission_id
FROM (
    SELECT place_id, question, number, estimate, period, submission_id,
        rank() OVER (PARTITION BY place_id, question ORDER BY period_end DESC, submission_id DESC) AS age
    FROM observation
    WHERE current AND number IS NOT NULL
        AND period_end <= :until AND place_id IN :places AND question IN :questions
) AS known
WHERE age = 1;

-- name: newest_submissions
-- For each place and form the current submission of the latest period that ended by :until.
SELECT form_name, place_id, id, period
FROM submission AS one
WHERE current AND place_id IN :places AND form_name IN :forms
    AND period_end = (
        SELECT max(other.period_end)
        FROM submission AS other
        WHERE other.current AND other.place_id = one.place_id AND other.form_name = one.form_name
            AND other.period_end <= :until
    )
ORDER BY id;
