-- What peers were given and what they signed for: a batch as it left, and the request by which the peer asked for what
-- comes after, saying which of it it holds. Kept although the peer is removed: it is the proof of delivery.

create table peer_delivery (
  node text collate "C" not null,
  seq bigint generated always as identity,
  given_at timestamptz not null,
  -- In the order of the batch.
  ids text[] not null,
  versions integer[] not null,
  -- 32 bytes each: what stands in the origin's log for each record.
  leaves bytea not null check (length(leaves) = 32 * cardinality(ids)),
  received_at timestamptz,
  -- What the peer signed: its claim as it sent it, the signature base (RFC 9421 §2.5), the signature and the key.
  claim text,
  signed text,
  signature bytea,
  key_id text collate "C",
  key bytea check (length(key) = 32),
  primary key (node, seq),
  check ((received_at is null) = (signature is null))
);

-- A peer has one batch at a time: the one that it was given last.
create unique index peer_delivery_open on peer_delivery (node) where received_at is null;

-- What a peer holds of the batch that it was given last, until it has said so: written with the cursor.
alter table peer_progress add column claim text;
