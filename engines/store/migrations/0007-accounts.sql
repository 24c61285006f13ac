-- Who may sign in, by what means, and what they are signed in with. No secret stands here that opens anything by itself:
-- passwords are argon2id strings, one-time codes, links, sessions and tokens are SHA-256 of 256 (codes: 80) random bits,
-- and the keys of TOTP are sealed (AES-256-GCM) under a key that the node may keep outside the database.

-- One row: seals what must be read again, and blinds what attempts are counted by, where the node is given no key.
create table account_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null check (length(key) = 32)
);

create table organisation (
  id text collate "C" primary key,
  name text not null,
  -- How it stands to this node: runs it, is served by it, or neither.
  standing text not null check (standing in ('home', 'client', 'guest')),
  added_at timestamptz not null
);

create table account (
  -- person:NAME@NODE
  id text collate "C" primary key,
  -- Lower case.
  login text collate "C" not null unique,
  name text not null,
  organisation text collate "C" not null references organisation,
  roles text[] not null,
  -- [{ "community": …, "upTo": … }]
  clearances json not null,
  purposes text[] not null,
  police text[] not null,
  -- WebAuthn user handle: random, so that an authenticator holds no name of ours.
  handle bytea not null unique check (length(handle) = 32),
  added_at timestamptz not null,
  disabled_at timestamptz
);

create table account_password (
  account text collate "C" primary key references account,
  -- PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash
  phc text not null,
  set_at timestamptz not null
);

create table account_totp (
  id text collate "C" primary key,
  account text collate "C" not null references account,
  title text not null,
  sealed_key bytea not null,
  -- The newest time step that was used (RFC 6238 §5.2): this one and those before are spent.
  last_step bigint not null,
  -- One after the other without a right one; at a hundred it is shut (NIST SP 800-63B §5.2.2).
  failures integer not null default 0,
  added_at timestamptz not null,
  used_at timestamptz
);

-- "By what can this person sign in?"
create index account_totp_of on account_totp (account);

create table account_passkey (
  -- What its owner names it by.
  id text collate "C" primary key,
  -- WebAuthn credential id, base64url.
  credential text collate "C" not null unique,
  account text collate "C" not null references account,
  title text not null,
  -- COSE key.
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  is_backed_up boolean not null,
  added_at timestamptz not null,
  used_at timestamptz
);

create index account_passkey_of on account_passkey (account);

create table account_recovery_code (
  account text collate "C" not null references account,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (account, code_hash)
);

-- A person as an OpenID provider knows them.
create table account_subject (
  provider text collate "C" not null,
  subject text collate "C" not null,
  account text collate "C" not null references account,
  added_at timestamptz not null,
  used_at timestamptz,
  primary key (provider, subject)
);

create index account_subject_of on account_subject (account);

-- A one-time link that makes or renews somebody's means to sign in. Without account: the first administrator's.
create table account_enrolment (
  token_hash bytea primary key,
  account text collate "C" references account,
  made_at timestamptz not null,
  expires_at timestamptz not null
);

create table account_session (
  token_hash bytea primary key,
  -- What its person sees of it, and ends it by.
  id text collate "C" not null unique,
  account text collate "C" not null references account,
  -- By what it was opened: "password+totp", "passkey", "oidc:…".
  means text not null,
  agent text not null,
  signed_in_at timestamptz not null,
  authenticated_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  purpose text,
  case_number text
);

create index account_session_of on account_session (account);

-- Between two steps of signing in: a challenge, a verifier, a right password without its second factor. Single use.
create table account_step (
  token_hash bytea primary key,
  kind text not null,
  account text collate "C" references account,
  facts json not null,
  expires_at timestamptz not null
);

create index account_step_by_end on account_step (expires_at);

create table account_token (
  token_hash bytea primary key,
  id text collate "C" not null unique,
  account text collate "C" not null references account,
  title text not null,
  scopes text[] not null,
  purpose text not null,
  added_at timestamptz not null,
  expires_at timestamptz not null check (expires_at <= added_at + interval '366 days'),
  used_at timestamptz,
  revoked_at timestamptz
);

create index account_token_of on account_token (account);

-- Attempts that did not come to a sign-in, by a blinded login name, address or account.
create table account_attempt (
  kind text not null,
  subject bytea not null,
  failures integer not null check (failures >= 0),
  last_at timestamptz not null,
  free_at timestamptz not null,
  primary key (kind, subject)
);

create index account_attempt_by_age on account_attempt (last_at);
