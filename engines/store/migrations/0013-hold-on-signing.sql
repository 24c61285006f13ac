-- A node that was restored from a backup does not know what the lost one signed after it. Until that is known it signs
-- nothing, so that it never shows a second history of its log.

-- The incarnation of the node under which the tree is signed. A restore gives the node a new one: while the two differ,
-- signing is held. Whoever ends the hold writes the new one here.
alter table tlog_tree add column incarnation text collate "C";

update tlog_tree set incarnation = (select incarnation from identity);

-- A node that is opened for the first time has nothing to hold back.
create function tlog_tree_begins() returns trigger
language plpgsql
as $$
begin
  update tlog_tree set incarnation = new.incarnation;
  return null;
end
$$;

create trigger tlog_tree_begins after insert on identity
  for each row execute function tlog_tree_begins();

-- What each peer said it last saw of our log, asked while signing is held.
create table tlog_last_seen (
  peer text collate "C" primary key,
  -- Of this node when it asked: what was said to an earlier one decides nothing.
  incarnation text collate "C" not null,
  answer json not null,
  -- A checkpoint that this node signed and this database does not hold. While there is one, signing is held for ever.
  note text,
  asked_at timestamptz not null
);

-- How each hold ended: by what the peers said, or by a person who gave a reason.
create table tlog_resumed (
  incarnation text collate "C" primary key,
  size bigint not null check (size >= 0),
  answers json not null,
  because text,
  resumed_at timestamptz not null
);
