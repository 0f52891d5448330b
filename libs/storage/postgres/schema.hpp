// The schema of the order store in PostgreSQL, version by version. docs/formats/order-store.md describes every table.
#pragma once

#include <array>

#include "libs/postgres/migrations.hpp"

namespace orderflow::storage {

inline constexpr const char* order_changes_channel = "orderflow_orders";

inline constexpr std::array order_store_schema{
    postgres::Migration{R"sql(
        CREATE SEQUENCE order_numbers;
        CREATE SEQUENCE order_event_numbers;

        CREATE TABLE orders (
            number     bigint   PRIMARY KEY,
            id         uuid     NOT NULL UNIQUE,
            version    int      NOT NULL,
            revision   int      NOT NULL,
            status     smallint NOT NULL,
            created_at bigint   NOT NULL,
            last_event bigint   NOT NULL,
            record     bytea    NOT NULL
        );
        CREATE INDEX orders_by_status ON orders (status, number);

        CREATE TABLE order_bodies (
            number bigint PRIMARY KEY,
            record bytea  NOT NULL
        );

        CREATE TABLE order_keys (
            key    bigint NOT NULL,
            number bigint NOT NULL,
            PRIMARY KEY (key, number)
        );

        CREATE TABLE order_events (
            number   bigint NOT NULL,
            seq      bigint NOT NULL,
            previous bigint NOT NULL,
            xact     xid8   NOT NULL DEFAULT pg_current_xact_id(),
            record   bytea  NOT NULL,
            PRIMARY KEY (number, seq)
        );
        CREATE INDEX order_events_by_commit ON order_events (xact, seq);

        CREATE TABLE ledger (
            number bigint NOT NULL,
            event  bigint NOT NULL,
            line   int    NOT NULL,
            record bytea  NOT NULL,
            PRIMARY KEY (number, event, line)
        );

        CREATE TABLE products (
            sku      text COLLATE "C" PRIMARY KEY,
            on_hand  bigint NOT NULL,
            reserved bigint NOT NULL,
            record   bytea  NOT NULL,
            CHECK (reserved >= 0),
            CHECK (on_hand - reserved >= 0)
        );

        CREATE TABLE cancel_intents (
            id     uuid  PRIMARY KEY,
            record bytea NOT NULL
        );

        CREATE TABLE dead_letters (
            number     bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message_id text     NOT NULL UNIQUE,
            state      smallint NOT NULL,
            code       text     COLLATE "C" NOT NULL,
            queue      text     COLLATE "C" NOT NULL,
            order_id   uuid,
            record     bytea    NOT NULL
        );
        CREATE INDEX dead_letters_by_code ON dead_letters (state, code, number, queue);
        CREATE INDEX dead_letters_by_order ON dead_letters (order_id);

        CREATE TABLE operator_commands (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id     text   NOT NULL UNIQUE,
            record bytea  NOT NULL
        );
    )sql"},
    // For orders created after a time that few are newer than: numbers are not in the order of acceptance.
    postgres::Migration{R"sql(
        CREATE INDEX orders_by_creation ON orders (created_at, number);
    )sql"},
    postgres::Migration{R"sql(
        CREATE TABLE instances (
            id      text   COLLATE "C" PRIMARY KEY,
            last_at bigint NOT NULL,
            record  bytea  NOT NULL
        );
        CREATE INDEX instances_by_time ON instances (last_at);

        CREATE TABLE instance_rows (
            ends_at  bigint   NOT NULL,
            instance text     COLLATE "C" NOT NULL,
            minute   smallint NOT NULL,
            record   bytea    NOT NULL,
            PRIMARY KEY (ends_at, instance)
        );
        CREATE INDEX instance_rows_by_grain ON instance_rows (minute, ends_at);

        CREATE TABLE worker_settings (
            one    int   PRIMARY KEY CHECK (one = 1),
            record bytea NOT NULL
        );
    )sql"},
    postgres::Migration{R"sql(
        CREATE TABLE event_endpoints (
            id     text   COLLATE "C" PRIMARY KEY,
            owner  text   NOT NULL,
            beat   bigint NOT NULL,
            record bytea  NOT NULL
        );
        CREATE TABLE event_lanes (
            endpoint text COLLATE "C" NOT NULL,
            lane     text COLLATE "C" NOT NULL,
            record   bytea NOT NULL,
            PRIMARY KEY (endpoint, lane)
        );
        CREATE TABLE event_deliveries (
            number   bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            endpoint text     COLLATE "C" NOT NULL,
            order_id uuid     NOT NULL,
            outcome  bigint   NOT NULL,
            at       bigint   NOT NULL,
            record   bytea    NOT NULL
        );
        CREATE INDEX event_deliveries_by_endpoint ON event_deliveries (endpoint, number, at);
        CREATE INDEX event_deliveries_by_order ON event_deliveries (order_id, number);
    )sql"},
    // For orders created before a time that many are newer than: the oldest order of each block of numbers.
    postgres::Migration{R"sql(
        CREATE INDEX orders_by_block ON orders ((number / 4096), created_at);
    )sql"},
    // No row is written anew for it, and older programs leave the columns at their defaults.
    postgres::Migration{R"sql(
        ALTER TABLE order_events ADD COLUMN trace text COLLATE "C" NOT NULL DEFAULT '';
        ALTER TABLE operator_commands ADD COLUMN matched bigint NOT NULL DEFAULT -1;
        CREATE TABLE command_times (
            subject text  COLLATE "C" PRIMARY KEY,
            record  bytea NOT NULL
        );
    )sql"},
};

}  // namespace orderflow::storage
