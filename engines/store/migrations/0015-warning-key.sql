-- The key with which this node signs its warnings (XML signature): one row, its private part sealed like the keys of the log.
create table warning_key (
  only_row boolean primary key default true check (only_row),
  -- SPKI, DER: what receivers are given.
  public_key bytea not null,
  -- engines/tlog/key-box.ts
  box json not null,
  made_at timestamptz not null
);
