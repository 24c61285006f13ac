-- Records, their order, and what they are found by.
--
-- bucket: first byte of the id, modulo 64; first column of every large key, so that the tables can be spread over
-- several machines and stay co-located.

create table record (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null check (version > 0),
  type text collate "C" not null,
  realm text collate "C" not null,
  origin text collate "C" not null,
  key text collate "C" not null,
  recorded_at timestamptz not null,
  received_at timestamptz not null,
  valid_from timestamptz not null,
  valid_until timestamptz check (valid_until >= valid_from),
  -- What decides "says the same"; engines/record/digest.ts.
  content_digest bytea not null,
  -- 32 bytes that the salts of the fields are derived from.
  salt bytea not null,
  -- The canonical form (RFC 8785) of the envelope; json keeps the text as it is.
  record json not null,
  primary key (bucket, id, version)
);

-- "Records of these types, in this realm, latest validity first": lists, fusion windows, the map.
create index record_by_type on record (type, realm, valid_from);

-- "Records with this key": an agency's event id.
create index record_by_key on record (key, type);

-- Links and cells are written with their record, in its transaction, and never changed; a foreign key would check
-- each of them again at a third of the cost of the append.
create table record_link (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  position integer not null,
  type text collate "C" not null,
  target text collate "C" not null,
  target_version integer,
  primary key (bucket, id, version, position)
);

-- "Which records refer to this one?"
create index record_link_by_target on record_link (target, type);

create table record_cell (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  cell bigint not null
);

-- "Which records overlap this cell, its ancestors or its descendants?"
create index record_cell_by_cell on record_cell (cell);

-- Committed, and not yet in the log: one row for each batch of an append.
create table pending (
  seq bigint generated always as identity primary key,
  buckets smallint[] not null,
  ids text[] not null,
  versions integer[] not null,
  leaves bytea[] not null
);

-- The order that every reader goes by: contiguous from 0. The leaf commits to the record's content.
create table log (
  index bigint primary key,
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  leaf bytea not null,
  unique (bucket, id, version)
);

-- One row. Its lock is the sequencer's turn.
create table log_head (
  only_row boolean primary key default true check (only_row),
  next_index bigint not null check (next_index >= 0)
);

insert into log_head (next_index) values (0);

-- Moves committed pending records into the log, in the order in which they arrived; answers how many.
-- Whoever waited for the lock sees, with the next statement's snapshot, all that was committed meanwhile.
create function sequence_pending() returns bigint
language plpgsql
as $$
declare
  first_index bigint;
  moved bigint;
begin
  select next_index into first_index from log_head for update;

  with taken as (
    delete from pending returning seq, buckets, ids, versions, leaves
  ),
  placed as (
    insert into log (index, bucket, id, version, leaf)
    select
      first_index - 1 + row_number() over (order by t.seq, r.position),
      r.bucket, r.id, r.version, r.leaf
    from taken as t
    cross join lateral unnest(t.buckets, t.ids, t.versions, t.leaves)
      with ordinality as r (bucket, id, version, leaf, position)
    returning 1
  )
  select count(*) into moved from placed;

  if moved > 0 then
    update log_head set next_index = first_index + moved;
    perform pg_notify('mosaic_log', (first_index + moved - 1)::text);
  end if;
  return moved;
end
$$;
