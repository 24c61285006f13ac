-- The handling that holds for a record, as columns, so that a list can ask who may have each of its records; and what
-- becomes of a record whose content is taken away.
--
-- The columns say the effective handling: the record's own, joined with whatever has tightened it since. `effective` is
-- that handling whole, null where it is the record's own.
alter table record
  -- Rank of the label: 0 TLP:CLEAR, 1 GREEN, 2 AMBER, 3 AMBER+STRICT, 4 RED.
  add column tlp smallint not null default 0 check (tlp between 0 and 4),
  -- Null: no restriction. Empty: nobody.
  add column audience text[],
  add column purposes text[],
  add column police text[],
  add column originator_control boolean not null default false,
  add column embargo_until timestamptz,
  add column retain_until timestamptz,
  -- JSON pointers of the marked fields; null when there are none.
  add column marks text[],
  -- Area codes as `scheme:code`, with % and : of the scheme escaped; null when there are none. engines/store/rows.ts.
  add column areas text[],
  add column effective json,
  -- JSON pointers of what this node was not given; null when it has all.
  add column withheld text[],
  -- When and why the content was taken away; `record` then holds what is left.
  add column erased_at timestamptz,
  add column erased_reason text,
  add constraint erased_for_a_reason check ((erased_at is null) = (erased_reason is null)),
  -- Null: another node's record, whose salts came with its fields; or erased, so that nobody can try what it said.
  alter column salt drop not null;

update record as r
set
  tlp = array_position(
    array['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'],
    r.record #>> '{handling,tlp}'
  ) - 1,
  audience = case
    when r.record #> '{handling,audience}' is not null
    then array(select json_array_elements_text(r.record #> '{handling,audience}'))
  end,
  purposes = case
    when r.record #> '{handling,purposes}' is not null
    then array(select json_array_elements_text(r.record #> '{handling,purposes}'))
  end,
  police = case
    when r.record #> '{handling,police}' is not null
    then array(select json_array_elements_text(r.record #> '{handling,police}'))
  end,
  originator_control = coalesce((r.record #>> '{handling,originatorControl}')::boolean, false),
  embargo_until = (r.record #>> '{handling,embargoUntil}')::timestamptz,
  retain_until = (r.record #>> '{handling,retainUntil}')::timestamptz,
  marks = nullif(array(select json_object_keys(r.record #> '{handling,fieldMarks}')), '{}'),
  areas = nullif(
    array(
      select distinct
        replace(replace(area ->> 'scheme', '%', '%25'), ':', '%3A') || ':' || (area ->> 'code') as name
      from json_array_elements(r.record #> '{place,areas}') as area
      order by name
    ),
    '{}'
  )
where (r.record -> 'handling')::text <> '{"tlp":"TLP:CLEAR"}'
or r.record #> '{place,areas}' is not null;

-- "Which contents are to be erased by now?": retention.
create index record_by_retention on record (retain_until) where retain_until is not null and erased_at is null;
