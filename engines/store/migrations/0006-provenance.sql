-- How a peer's record can be proven and handed on: the salts of its fields and the digests of those that were withheld,
-- as the parcel brought them, and the proof that its leaf stands in its origin's log. Own records have none of this: their
-- fields' salts follow from `record.salt`, and their log is here. Gone when the content is erased, because with the
-- salts a guess at the content could be confirmed.

-- Checkpoints that origins signed, as they came: many records stand under one.
create table origin_note (
  seq integer generated always as identity primary key,
  -- SHA-256 of the note.
  hash bytea not null unique check (length(hash) = 32),
  note text not null
);

create table provenance (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  leaf bytea not null check (length(leaf) = 32),
  -- 16 bytes for each field that is disclosed, in the order of `fieldNames` of engines/record/digest.ts.
  salts bytea not null,
  -- 32 bytes for each field that is withheld, sorted.
  withheld bytea not null,
  -- The peer it came from last.
  via text collate "C" not null,
  origin_index bigint not null check (origin_index >= 0),
  tree_size bigint not null check (tree_size > origin_index),
  -- 32 bytes each.
  hashes bytea not null,
  -- The `seq` of its origin_note. Written with it and never removed before it; a foreign key would check each again.
  note integer not null,
  primary key (bucket, id, version)
);

-- Digests and salts do not compress: keep the rows plain.
alter table provenance
  alter column salts set storage external,
  alter column hashes set storage external;
