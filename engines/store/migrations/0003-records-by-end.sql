-- "Which records of this type hold at or after an instant?": the window in which fusion looks for reports of the same
-- thing, which would otherwise read all that began before, the whole history. An open end is later than every other.
create index record_by_end on record (type, (coalesce(valid_until, 'infinity'::timestamptz)));
