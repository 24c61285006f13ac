-- Recall and consent: what was handed to whom, which recalls are in force here, and what a peer is owed besides what the
-- rules give it.

-- Which versions were handed to which peer. Written before the answer leaves, so it may say more than arrived, never less.
create table delivery (
  bucket smallint not null,
  id text collate "C" not null,
  peer text collate "C" not null,
  version integer not null check (version > 0),
  sent_at timestamptz not null,
  acknowledged_at timestamptz,
  -- "Who was given this record?"
  primary key (bucket, id, peer, version)
);

-- Recalls that this node obeys: of what their own origin, or who took over from it, withdrew or tightened. A target need
-- not have come yet; what comes later is looked up here.
create table recall_order (
  target text collate "C" not null,
  recall text collate "C" not null,
  origin text collate "C" not null,
  realm text collate "C" not null,
  action text not null check (action in ('withdraw', 'relabel')),
  -- What is joined to the handling; null of a withdrawal.
  handling json,
  -- The peer that brought it; null of this node's own. Receipts go back there.
  via text collate "C",
  -- The newest index of the log once this row could be seen: receipts that stand before it may have gone by unnoticed.
  known_at bigint,
  primary key (target, recall)
);

-- "To which recall does this receipt belong?"
create index recall_order_by_recall on recall_order (recall);

-- "Whose receipts does this peer wait for?"
create index recall_order_by_via on recall_order (via) where via is not null;

-- Records that a peer must get although no rule names them and although they may stand before its place in the log.
create table follow_up (
  peer text collate "C" not null,
  id text collate "C" not null,
  reason text not null check (reason in ('recall', 'receipt', 'consent')),
  due_at timestamptz not null,
  primary key (peer, id)
);

-- "Which recalls are there, and of what?"
create index record_link_recalls on record_link (target) where type = 'recalls';
