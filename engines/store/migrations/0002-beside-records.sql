-- What a node keeps that is not record: where its reactors stand, what it could not read, what it received, who it is.

create table checkpoint (
  reactor text collate "C" primary key,
  index bigint not null check (index >= -1),
  moved_at timestamptz not null
);

create table quarantine (
  seq bigint generated always as identity primary key,
  -- Hash of sender, realm, kind and content, so that a repeat is counted and not kept again.
  id text collate "C" not null unique,
  kind text not null check (kind in ('undecodable', 'refused', 'equivocation', 'reactor-failed')),
  sender text not null,
  realm text not null,
  received_at timestamptz not null,
  media_type text not null,
  bytes bytea not null,
  issues json not null,
  state text not null default 'held' check (state in ('held', 'released', 'discarded')),
  times integer not null default 1
);

-- "What is held, newest first?" and the number on the board.
create index quarantine_by_state on quarantine (state, seq);

create table payload (
  hash text collate "C" primary key,
  media_type text not null,
  bytes bytea not null
);

-- Every arrival of a payload.
create table receipt (
  seq bigint generated always as identity primary key,
  hash text collate "C" not null references payload,
  source text not null,
  realm text not null,
  received_at timestamptz not null
);

-- "Have these bytes come from this source before?"
create index receipt_by_hash on receipt (hash, source, realm);

create table source_state (
  source text collate "C" primary key,
  state json not null
);

-- One row: who this node is. The incarnation is new after every restore.
create table identity (
  only_row boolean primary key default true check (only_row),
  node text not null,
  incarnation text not null,
  -- Key of the ids of confidential types.
  secret bytea not null check (length(secret) >= 32)
);

create table job (
  id bigint generated always as identity primary key,
  queue text not null,
  key text not null,
  payload jsonb not null,
  run_at timestamptz not null,
  attempts integer not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'failed')),
  claimed_at timestamptz,
  last_error text,
  unique (queue, key)
);

-- "Which job of this queue is due next?"
create index job_due on job (queue, run_at) where state = 'waiting';
