// How messages, deliveries and totals lie in the rows of the journal. x_from() reads the current row of a cursor and
// verifies its checksum: internal "disk.corrupt" with table and key. Thread: the cursor's.
#pragma once

#include <cstdint>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/sqlite/statement.hpp"
#include "queue-service/engine/change.hpp"

namespace orderflow::queue {

// The key of a message's row and back.
std::int64_t pack(MessageKey key);
MessageKey unpack(std::int64_t key);
// As `purged_through`: the queue is removed.
inline constexpr std::uint64_t all_sequences = (std::uint64_t{1} << 40U) - 1;

// Whether a row has the checksum that it should have.
bool is_intact(std::int64_t sum, std::int64_t stored);

std::int64_t checksum_of(std::int64_t key, const Message& message);
inline constexpr std::string_view select_messages = "SELECT * FROM messages";
Result<MessagePtr> message_from(const sqlite::Cursor& row);

std::int64_t checksum_of(QueueNo queue, const QueueTotals& totals);
inline constexpr std::string_view select_totals =
    "SELECT no, next_sequence, messages, bytes, purged_through, crc FROM queue_totals";
Result<QueueTotals> totals_from(const sqlite::Cursor& row);

// DeliveryState with the times of the calendar, as they must be kept over a restart.
struct DeliveryRow {
    MessageKey key;
    std::uint32_t receive_count = 0;
    Holder holder = Holder::outside;
    std::uint32_t size = 0;
    WallTime sent_at{};
    WallTime first_received_at{};
    WallTime received_at{};
    WallTime visible_at{};
    std::chrono::seconds timeout{};
};
inline constexpr std::string_view select_deliveries =
    "SELECT key, receive_count, holder, size, sent_at, first_received_at, received_at, visible_at, timeout_s, crc "
    "FROM deliveries ORDER BY key";
Result<DeliveryRow> delivery_from(const sqlite::Cursor& row);

}  // namespace orderflow::queue
