-- Nodes that this one exchanges records with, what it knows of their logs and keys, and where it stands with each.

create table peer (
  node text collate "C" primary key,
  -- Address, keys, rules: engines/exchange/contract.ts, Peer.
  peer json not null,
  state text not null default 'active' check (state in ('active', 'suspended', 'forked')),
  state_reason text
);

-- Where the pull from a peer stands, written in the same turn as what it brought, or after it: a crash repeats a batch
-- and never skips one.
create table peer_progress (
  node text collate "C" primary key references peer on delete cascade,
  cursor text,
  is_caught_up boolean not null default false,
  last_contact_at timestamptz,
  last_error json,
  errors_in_a_row integer not null default 0,
  received bigint not null default 0,
  refused bigint not null default 0,
  -- Its clock as it last signed it, and ours at that moment.
  attested_at timestamptz,
  attested_here_at timestamptz
);

-- The newest checkpoint of each origin's log that this node has verified, brought by the origin or by a relay; what a
-- later one must extend.
create table origin_checkpoint (
  origin text collate "C" primary key,
  size bigint not null check (size >= 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  seen_at timestamptz not null,
  -- The note that cannot stand beside it: two histories under one name.
  forked_note text
);

-- Keys of origins that are no peers of ours, as a peer that may introduce them gave them.
create table introduced_key (
  origin text collate "C" not null,
  key_id text collate "C" not null,
  key json not null,
  introduced_by text collate "C" not null,
  introduced_at timestamptz not null,
  primary key (origin, key_id)
);

-- Signatures that were seen, until they would be too old anyway: a request counts once. Lost with a crash of the
-- server, which takes longer to come back than a signature lives.
create unlogged table exchange_nonce (
  node text collate "C" not null,
  nonce text collate "C" not null,
  expires_at timestamptz not null,
  primary key (node, nonce)
);

-- "Which can be forgotten?"
create index exchange_nonce_by_end on exchange_nonce (expires_at);

-- What a peer was entitled to when it was last served: when that grows, what is new in it is sent.
create table peer_entitlement (
  node text collate "C" not null references peer on delete cascade,
  epoch text collate "C" not null,
  condition json not null,
  -- The oldest are forgotten; a peer that comes back from there is sent all again.
  made_at timestamptz not null default now(),
  primary key (node, epoch)
);

-- Schemas of types that no pack here knows, as peers publish them: so that their records are shown by their own titles.
create table peer_schema (
  type text collate "C" primary key,
  schema_version integer not null,
  schema json not null,
  title json not null,
  via text collate "C" not null,
  learnt_at timestamptz not null
);

-- "Whose embargo has ended since?": what is to be sent the moment it ends.
create index record_by_embargo on record (embargo_until) where embargo_until is not null;

-- "What stands under its originator's control?": what is derived from it needs a consent too.
create index record_by_control on record (id) where originator_control or 'H2' = any (police);
