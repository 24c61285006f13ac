-- Who looked at what, and why (Directive (EU) 2016/680, Art. 25); what an officer has used up of a day's quota; broken
-- glass and its review. What an entry says is in engines/access/audit/contract.ts.
--
-- The trail is append-only: each entry's digest is over the one before, and the triggers below refuse to change one.
-- When an entry's own time is over its content goes and its digest stays, so the chain still verifies.

create table audit_entry (
  -- Contiguous from 0, in the order in which they were chained.
  seq bigint primary key check (seq >= 0),
  at timestamptz not null,
  -- Until then the content must stay, whatever anybody sets later.
  retain_until timestamptz not null,
  -- The canonical form (RFC 8785) of the entry, and 16 bytes so that erased content cannot be found by guessing.
  entry text,
  salt bytea,
  -- What lists and figures ask for; the entry says the same, and a verification compares them.
  principal text collate "C",
  organisation text collate "C",
  purpose text collate "C",
  case_number text collate "C",
  act text collate "C",
  outcome text collate "C",
  -- Of salt and entry; unique, so that a write whose answer was lost is not repeated.
  content_digest bytea not null unique,
  -- Of the digest before, seq, at, retain_until and content_digest.
  digest bytea not null,
  check ((entry is null) = (salt is null) and (entry is null) = (principal is null))
);

-- "What did this officer do, newest first?"
create index audit_entry_by_principal on audit_entry (principal, seq);
-- "What happened under this case number?"
create index audit_entry_by_case on audit_entry (case_number, seq) where case_number is not null;
-- Figures by day, and "whose time is over?"
create index audit_entry_by_time on audit_entry (at);
create index audit_entry_by_end on audit_entry (retain_until) where entry is not null;

-- Which records an entry is about. An entry has at most 1000; a larger read is several entries.
create table audit_subject (
  bucket smallint not null,
  record_id text collate "C" not null,
  seq bigint not null references audit_entry,
  -- "Who looked at this record, newest first?"
  primary key (bucket, record_id, seq)
);

-- "Which records is this entry about?"
create index audit_subject_by_entry on audit_subject (seq);

-- One row. Its lock is the writer's turn.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  next_seq bigint not null check (next_seq >= 0),
  digest bytea not null check (length(digest) = 32)
);

insert into audit_head (next_seq, digest) values (0, decode(repeat('00', 32), 'hex'));

create function audit_entry_stays() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE'
    and old.retain_until <= now()
    and new.entry is null
    and (new.organisation, new.purpose, new.case_number, new.act, new.outcome) is not distinct from
      (null::text, null::text, null::text, null::text, null::text)
    and (new.seq, new.at, new.retain_until, new.content_digest, new.digest) is not distinct from
      (old.seq, old.at, old.retain_until, old.content_digest, old.digest)
  then
    return new;
  end if;
  raise exception 'the audit trail is append-only: entry % stays as it is until %', old.seq, old.retain_until;
end
$$;

create trigger audit_entry_stays before update or delete on audit_entry
  for each row execute function audit_entry_stays();

create function audit_subject_stays() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' and exists (select from audit_entry where seq = old.seq and entry is null) then
    return old;
  end if;
  raise exception 'the audit trail is append-only: what entry % is about stays as it is', old.seq;
end
$$;

create trigger audit_subject_stays before update or delete on audit_subject
  for each row execute function audit_subject_stays();

-- A restore empties tables that are empty already; nobody empties a trail.
create function audit_is_not_emptied() returns trigger
language plpgsql
as $$
begin
  if exists (select from audit_entry) then
    raise exception 'the audit trail is append-only: it cannot be emptied';
  end if;
  return null;
end
$$;

create trigger audit_is_not_emptied before truncate on audit_entry
  for each statement execute function audit_is_not_emptied();
create trigger audit_is_not_emptied before truncate on audit_subject
  for each statement execute function audit_is_not_emptied();

-- Reads of public data by anybody: how many, and nothing about whom.
create table audit_public_count (
  day date not null,
  act text collate "C" not null,
  what text collate "C" not null,
  count bigint not null,
  primary key (day, act, what)
);

-- What one principal has used of one rule on one day (UTC).
create table quota_used (
  day date not null,
  rule text collate "C" not null,
  principal text collate "C" not null,
  used integer not null check (used > 0),
  primary key (day, rule, principal)
);

create table break_glass (
  id text collate "C" primary key,
  principal text collate "C" not null,
  organisation text collate "C",
  reason text not null check (length(reason) > 0),
  opened_at timestamptz not null,
  until timestamptz not null check (until >= opened_at),
  review_by timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text collate "C" check (reviewed_by <> principal),
  verdict text check (verdict in ('justified', 'not-justified')),
  note text,
  check ((reviewed_at is null) = (reviewed_by is null) and (reviewed_at is null) = (verdict is null))
);

-- "Whose glass is broken now?"
create index break_glass_by_principal on break_glass (principal, until);
-- "What waits for a second person?"
create index break_glass_unreviewed on break_glass (review_by) where reviewed_at is null;

create function break_glass_stays() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE'
    and old.reviewed_at is null
    and new.until <= old.until
    and (new.id, new.principal, new.organisation, new.reason, new.opened_at, new.review_by) is not distinct from
      (old.id, old.principal, old.organisation, old.reason, old.opened_at, old.review_by)
  then
    return new;
  end if;
  raise exception 'broken glass % stays on record; it is reviewed once', old.id;
end
$$;

create trigger break_glass_stays before update or delete on break_glass
  for each row execute function break_glass_stays();
