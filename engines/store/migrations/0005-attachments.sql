-- Files that records refer to, by what they hold.
--
-- An attachment is known by the SHA-256 of its bytes, which is known only when all have come; so its chunks go by a
-- number, and an upload under way has no name yet.
create table attachment (
  content bigint generated always as identity primary key,
  -- Lower-case hexadecimal; null while this node's own upload runs.
  sha256 text collate "C" unique,
  -- Null while this node's own upload runs.
  size bigint check (size >= 0),
  media_type text not null,
  held_bytes bigint not null default 0 check (held_bytes >= 0 and held_bytes <= size),
  -- All bytes are held and hash to the name.
  is_complete boolean not null default false check (not is_complete or (sha256 is not null and held_bytes = size)),
  begun_at timestamptz not null
);

-- "Which are expected and not whole, oldest first?", and which uploads were left.
create index attachment_missing on attachment (begun_at, content) where not is_complete;

-- 256 KiB each, the last one less. bucket: number of the content, modulo 64.
create table attachment_chunk (
  bucket smallint not null,
  content bigint not null,
  position integer not null,
  bytes bytea not null,
  primary key (bucket, content, position)
);

-- Compressing what is mostly compressed already costs more than it saves.
alter table attachment_chunk alter column bytes set storage external;

-- Which version refers to which file. Written with the record, in its transaction.
create table record_attachment (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  sha256 text collate "C" not null,
  primary key (bucket, id, version, sha256)
);

-- "Which records refer to this file?": who may have it.
create index record_attachment_by_sha256 on record_attachment (sha256);
