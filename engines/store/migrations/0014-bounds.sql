-- Bounds on what others can make this node keep: how much stands in quarantine from one sender, and how proof of delivery
-- is kept; and what relays passed on of the same origin, so that what one of them leaves out can be noticed.

-- What discarding frees and a sender's measure counts: the bytes, and the reasons beside them.
alter table quarantine add column size integer generated always as (octet_length(bytes) + octet_length(issues::text)) stored;

-- "How much is held from this sender?" Answered from the index alone.
create index quarantine_by_sender on quarantine (sender) include (size) where state = 'held';

-- What came from a sender whose measure was full: counted and not kept, by kind and rule.
create table quarantine_dropped (
  sender text collate "C" not null,
  kind text collate "C" not null,
  -- The first rule that was broken; `other` once a sender has broken too many different ones.
  rule text collate "C" not null,
  times bigint not null,
  bytes bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- The newest ids, as `quarantine.id` would have them: whoever has the content can say whether it was among them.
  newest text[] not null,
  -- Over all of them in the order in which they came: SHA-256 of the digest before and the id.
  digest bytea not null check (length(digest) = 32),
  primary key (sender, kind, rule)
);

-- `paused`: nothing is taken from it until a person has looked at what stands in quarantine.
alter table peer drop constraint peer_state_check;
alter table peer add constraint peer_state_check check (state in ('active', 'suspended', 'forked', 'paused'));

-- A receipt may speak for the batches before it too: `chain` is what the peer signed over all of them, `chain_before` where
-- it stood before the first batch of this row. engines/exchange/received.ts.
alter table peer_delivery
  add column chain bytea check (length(chain) = 32),
  add column chain_before bytea check (length(chain_before) = 32),
  -- Where batches were drawn together, the batches in their order: engines/exchange/deliveries.ts, Batch. Null: one.
  add column batches json;

-- "Which receipts of this peer still stand alone?"
create index peer_delivery_alone on peer_delivery (node, seq) where received_at is not null and batches is null;

-- What this node, as a taker, last signed for in that peer's chain.
alter table peer_progress
  add column chain bytea check (length(chain) = 32),
  -- When it last said that nothing waits.
  add column caught_up_at timestamptz,
  -- When it last said how far it is with the logs that it passes on.
  add column said_logs_at timestamptz;

-- Logs whose records a peer was given here: it may be told their newest checkpoints.
create table given_log (
  peer text collate "C" not null,
  log text collate "C" not null,
  primary key (peer, log)
);

-- How far each peer showed the log of an origin that is no peer of ours.
create table relayed_log (
  peer text collate "C" not null references peer (node) on delete cascade,
  log text collate "C" not null,
  size bigint not null check (size >= 0),
  -- How much another peer had shown, since when, that this one has not reached yet.
  behind_size bigint,
  behind_since timestamptz,
  primary key (peer, log),
  check ((behind_since is null) = (behind_size is null))
);

-- Which peer gave which record of such a log; forgotten after a while.
create table relayed_record (
  log text collate "C" not null,
  index bigint not null check (index >= 0),
  peer text collate "C" not null references peer (node) on delete cascade,
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  -- Hash of type, realm, handling and areas: what is alike in these goes to the same readers by the same rules.
  class text collate "C" not null,
  at timestamptz not null,
  -- Long enough ago, and every peer that gives its class gave it: there is nothing to compare any more.
  is_settled boolean not null default false,
  primary key (log, index, peer)
);

-- "What came long enough ago to be forgotten?"
create index relayed_record_by_time on relayed_record (at);

-- "What came long enough ago to be missed?"
create index relayed_record_open on relayed_record (at) where not is_settled;

-- From where on each peer gives what is of this class; stays when the records are forgotten.
create table relayed_class (
  log text collate "C" not null,
  class text collate "C" not null,
  peer text collate "C" not null references peer (node) on delete cascade,
  first_index bigint not null,
  primary key (log, class, peer)
);
