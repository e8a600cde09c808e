-- What an official's question needs beside the figures themselves.

-- name: observations_of_periods
-- For each place and question the numbers of several periods.
SELECT place_id, question, number, period, submission_id
FROM observation
WHERE current AND number IS NOT NULL
    AND period IN :periods AND place_id IN :places AND question IN :questions;
