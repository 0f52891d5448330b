// The schema of the order store, version by version. docs/formats/order-store.md describes every table.
#pragma once

#include <array>
#include <cstdint>

#include "libs/sqlite/migrations.hpp"

namespace orderflow::storage {

inline constexpr std::int32_t order_store_application_id = 0x4f465354;  // "OFST"

inline constexpr std::array order_store_migrations{
    sqlite::Migration{R"sql(
        CREATE TABLE orders (
            number        INTEGER PRIMARY KEY,
            id            BLOB    NOT NULL,
            version       INTEGER NOT NULL,
            status        INTEGER NOT NULL,
            created_bound INTEGER NOT NULL,
            last_event    INTEGER NOT NULL,
            record        BLOB    NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX orders_by_id ON orders (id);
        CREATE INDEX orders_by_status ON orders (status);

        CREATE TABLE order_bodies (
            number INTEGER PRIMARY KEY,
            record BLOB NOT NULL
        ) STRICT;

        CREATE TABLE order_keys (
            key    INTEGER NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (key, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE order_events (
            seq      INTEGER PRIMARY KEY,
            number   INTEGER NOT NULL,
            previous INTEGER NOT NULL,
            record   BLOB    NOT NULL
        ) STRICT;

        CREATE TABLE ledger (
            number INTEGER NOT NULL,
            event  INTEGER NOT NULL,
            line   INTEGER NOT NULL,
            record BLOB    NOT NULL,
            PRIMARY KEY (number, event, line)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE products (
            sku      TEXT PRIMARY KEY,
            on_hand  INTEGER NOT NULL,
            reserved INTEGER NOT NULL,
            record   BLOB    NOT NULL,
            CHECK (reserved >= 0),
            CHECK (on_hand - reserved >= 0)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE cancel_intents (
            id     BLOB PRIMARY KEY,
            record BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE dead_letters (
            number     INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT NOT NULL UNIQUE,
            record     BLOB NOT NULL
        ) STRICT;
    )sql"},
    // The columns of letters that are there already are filled in by LetterRows: they lie in the records.
    sqlite::Migration{R"sql(
        ALTER TABLE dead_letters RENAME TO dead_letters_before;
        CREATE TABLE dead_letters (
            number     INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT    NOT NULL UNIQUE,
            state      INTEGER NOT NULL,
            code       TEXT,
            queue      TEXT,
            order_id   BLOB,
            record     BLOB    NOT NULL
        ) STRICT;
        INSERT INTO dead_letters (number, message_id, state, record)
            SELECT number, message_id, 0, record FROM dead_letters_before;
        DROP TABLE dead_letters_before;
        CREATE INDEX dead_letters_by_code ON dead_letters (state, code, number, queue);
        CREATE INDEX dead_letters_by_order ON dead_letters (order_id);

        CREATE TABLE operator_commands (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id     TEXT NOT NULL UNIQUE,
            record BLOB NOT NULL
        ) STRICT;
    )sql"},
    sqlite::Migration{R"sql(
        CREATE TABLE instances (
            id      TEXT    PRIMARY KEY,
            last_at INTEGER NOT NULL,
            record  BLOB    NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX instances_by_time ON instances (last_at);

        CREATE TABLE instance_rows (
            ends_at  INTEGER NOT NULL,
            instance TEXT    NOT NULL,
            minute   INTEGER NOT NULL,
            record   BLOB    NOT NULL,
            PRIMARY KEY (ends_at, instance)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX instance_rows_by_grain ON instance_rows (minute, ends_at);

        CREATE TABLE worker_settings (
            one    INTEGER PRIMARY KEY CHECK (one = 1),
            record BLOB NOT NULL
        ) STRICT;
    )sql"},
    sqlite::Migration{R"sql(
        CREATE TABLE event_endpoints (
            id     TEXT    PRIMARY KEY,
            owner  TEXT    NOT NULL,
            beat   INTEGER NOT NULL,
            record BLOB    NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE event_lanes (
            endpoint TEXT NOT NULL,
            lane     TEXT NOT NULL,
            record   BLOB NOT NULL,
            PRIMARY KEY (endpoint, lane)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE event_deliveries (
            number   INTEGER PRIMARY KEY AUTOINCREMENT,
            endpoint TEXT    NOT NULL,
            order_id BLOB    NOT NULL,
            outcome  INTEGER NOT NULL,
            at       INTEGER NOT NULL,
            record   BLOB    NOT NULL
        ) STRICT;
        CREATE INDEX event_deliveries_by_endpoint ON event_deliveries (endpoint, number, at);
        CREATE INDEX event_deliveries_by_order ON event_deliveries (order_id, number);
    )sql"},
    // Of the blocks that are there already nothing is known: each may hold the oldest order of all. See
    // order_block.hpp.
    sqlite::Migration{R"sql(
        CREATE TABLE order_blocks (
            block  INTEGER PRIMARY KEY,
            oldest INTEGER NOT NULL
        ) STRICT;
        INSERT INTO order_blocks SELECT DISTINCT number / 1024, 0 FROM orders;
    )sql"},
    sqlite::Migration{R"sql(
        ALTER TABLE order_events ADD COLUMN trace TEXT NOT NULL DEFAULT '';
        ALTER TABLE operator_commands ADD COLUMN matched INTEGER NOT NULL DEFAULT -1;
        CREATE TABLE command_times (
            subject TEXT PRIMARY KEY,
            record  BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
    )sql"},
};

}  // namespace orderflow::storage
