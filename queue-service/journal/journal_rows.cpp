#include "queue-service/journal/journal_rows.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/sqlite/errors.hpp"
#include "queue-service/journal/row_checksum.hpp"

namespace orderflow::queue {
namespace {

constexpr unsigned sequence_bits = 40;
constexpr auto sequence_mask = static_cast<std::int64_t>(all_sequences);

std::int64_t number(QueueNo queue) { return std::to_underlying(queue); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

bool is_intact(std::int64_t sum, std::int64_t stored) {
    return sum == stored || !safeguard(Safeguard::journal_checksum);
}

std::int64_t pack(MessageKey key) {
    ORDERFLOW_INVARIANT(key.sequence <= all_sequences);
    return (std::int64_t{std::to_underlying(key.queue)} << sequence_bits) | static_cast<std::int64_t>(key.sequence);
}

MessageKey unpack(std::int64_t key) {
    return {QueueNo{static_cast<std::uint32_t>(key >> sequence_bits)}, static_cast<std::uint64_t>(key & sequence_mask)};
}

std::int64_t checksum_of(std::int64_t key, const Message& message) {
    return row_checksum(key, sqlite::as_text(message.id.bytes), to_unix_ms(message.sent_at),
                        std::string_view(message.body), std::string_view(message.attributes),
                        std::string_view(message.dead_letter_source), std::int64_t{message.prior_receives});
}

// Columns: key, id, sent_at, body, attributes, dead_letter_source, prior_receives, crc.
Result<MessagePtr> message_from(const sqlite::Cursor& row) {
    auto message = std::make_shared<Message>();
    const auto id = row.blob(1);
    std::memcpy(message->id.bytes.data(), id.data(), std::min(id.size(), message->id.bytes.size()));
    message->sent_at = from_unix_ms(row.integer(2));
    message->body = sqlite::as_text(row.blob(3));
    message->attributes = sqlite::as_text(row.blob(4));
    message->dead_letter_source = row.text(5);
    message->prior_receives = static_cast<std::uint32_t>(row.integer(6));
    if (!is_intact(checksum_of(row.integer(0), *message), row.integer(7))) {
        return fail(sqlite::corrupt("messages, key " + std::to_string(row.integer(0))));
    }
    return message;
}

std::int64_t checksum_of(QueueNo queue, const QueueTotals& totals) {
    return row_checksum(number(queue), number(totals.next_sequence), number(totals.messages), number(totals.bytes),
                        number(totals.purged_through));
}

Result<QueueTotals> totals_from(const sqlite::Cursor& row) {
    const QueueNo no{static_cast<std::uint32_t>(row.integer(0))};
    const QueueTotals totals{.next_sequence = static_cast<std::uint64_t>(row.integer(1)),
                             .messages = static_cast<std::uint64_t>(row.integer(2)),
                             .bytes = static_cast<std::uint64_t>(row.integer(3)),
                             .purged_through = static_cast<std::uint64_t>(row.integer(4))};
    if (!is_intact(checksum_of(no, totals), row.integer(5))) return fail(sqlite::corrupt("queue_totals"));
    return totals;
}

Result<DeliveryRow> delivery_from(const sqlite::Cursor& row) {
    constexpr int checksum_column = 9;
    RowChecksum sum;
    for (int column = 0; column < checksum_column; ++column) sum.add(row.integer(column));
    if (!is_intact(sum.value(), row.integer(checksum_column))) {
        return fail(sqlite::corrupt("deliveries, key " + std::to_string(row.integer(0))));
    }
    return DeliveryRow{.key = unpack(row.integer(0)),
                       .receive_count = static_cast<std::uint32_t>(row.integer(1)),
                       .holder = row.integer(2) == 0 ? Holder::outside : Holder::embedded,
                       .size = static_cast<std::uint32_t>(row.integer(3)),
                       .sent_at = from_unix_ms(row.integer(4)),
                       .first_received_at = from_unix_ms(row.integer(5)),
                       .received_at = from_unix_ms(row.integer(6)),
                       .visible_at = from_unix_ms(row.integer(7)),
                       .timeout = std::chrono::seconds(row.integer(8))};
}

}  // namespace orderflow::queue
