// The tables of the journal, as a list of versions. docs: README.md of this folder.
#pragma once

#include <array>

#include "libs/sqlite/migrations.hpp"

namespace orderflow::queue {

inline constexpr std::int32_t journal_application_id = 0x4f665175;  // "OfQu"

// A message's key is queue number << 40 | sequence: rows of a queue lie together in the order of arrival, sends append
// at its end and deletes work at its front, so that few pages are touched. Every row carries a checksum over its
// columns (row_checksum.hpp). A queue whose totals say that every possible sequence is purged has been removed.
// docs/formats/queue-journal.md describes every column.
inline constexpr std::array journal_schema{
    sqlite::Migration{R"sql(
CREATE TABLE journal (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  receipt_key BLOB    NOT NULL,
  next_queue  INTEGER NOT NULL,
  crc         INTEGER NOT NULL
) STRICT;
CREATE TABLE queues (
  no                   INTEGER PRIMARY KEY,
  name                 TEXT    NOT NULL,
  created_at           INTEGER NOT NULL,
  modified_at          INTEGER NOT NULL,
  visibility_timeout_s INTEGER NOT NULL,
  delay_s              INTEGER NOT NULL,
  retention_s          INTEGER NOT NULL,
  receive_wait_s       INTEGER NOT NULL,
  maximum_message_size INTEGER NOT NULL,
  dead_letter_queue    TEXT,
  max_receive_count    INTEGER,
  crc                  INTEGER NOT NULL
) STRICT;
CREATE TABLE queue_totals (
  no             INTEGER PRIMARY KEY,
  next_sequence  INTEGER NOT NULL,
  messages       INTEGER NOT NULL,
  bytes          INTEGER NOT NULL,
  purged_through INTEGER NOT NULL,
  crc            INTEGER NOT NULL
) STRICT;
CREATE TABLE messages (
  key                INTEGER PRIMARY KEY,
  id                 BLOB    NOT NULL,
  sent_at            INTEGER NOT NULL,
  body               BLOB    NOT NULL,
  attributes         BLOB,
  dead_letter_source TEXT,
  prior_receives     INTEGER NOT NULL,
  crc                INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
  key               INTEGER PRIMARY KEY,
  receive_count     INTEGER NOT NULL,
  holder            INTEGER NOT NULL,
  size              INTEGER NOT NULL,
  sent_at           INTEGER NOT NULL,
  first_received_at INTEGER NOT NULL,
  received_at       INTEGER NOT NULL,
  visible_at        INTEGER NOT NULL,
  timeout_s         INTEGER NOT NULL,
  crc               INTEGER NOT NULL
) STRICT;
)sql"},
    // A row of `queues` whose region is NULL was written by version 1, and so was its checksum: no row is rewritten
    // here, whose checksum SQL could not make.
    sqlite::Migration{R"sql(
ALTER TABLE queues ADD COLUMN region               TEXT;
ALTER TABLE queues ADD COLUMN account              TEXT;
ALTER TABLE queues ADD COLUMN policy               TEXT;
ALTER TABLE queues ADD COLUMN redrive_permission   INTEGER;
ALTER TABLE queues ADD COLUMN redrive_sources      BLOB;
ALTER TABLE queues ADD COLUMN kms_master_key_id    TEXT;
ALTER TABLE queues ADD COLUMN kms_data_key_reuse_s INTEGER;
ALTER TABLE queues ADD COLUMN sqs_managed_sse      INTEGER;
ALTER TABLE queues ADD COLUMN tags                 BLOB;
ALTER TABLE queues ADD COLUMN purged_at            INTEGER;
CREATE TABLE removed_queues (
  region     TEXT    NOT NULL,
  account    TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  removed_at INTEGER NOT NULL,
  crc        INTEGER NOT NULL,
  PRIMARY KEY (region, account, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE move_tasks (
  no               INTEGER PRIMARY KEY,
  id               BLOB    NOT NULL,
  source           INTEGER NOT NULL,
  destination      INTEGER,
  destination_name TEXT,
  rate             INTEGER,
  through          INTEGER NOT NULL,
  to_move          INTEGER NOT NULL,
  moved            INTEGER NOT NULL,
  status           INTEGER NOT NULL,
  failure_reason   TEXT,
  started_at       INTEGER NOT NULL,
  crc              INTEGER NOT NULL
) STRICT;
)sql"},
};

}  // namespace orderflow::queue
