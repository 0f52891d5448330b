// How events and ledger postings lie in their rows. Conventions as in order_record.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// A row of `order_events`: the events of one transition of one order, whose versions follow each other without a gap.
struct EventRow {
    std::int64_t seq = 0;
    std::int64_t number = 0;    // of the order
    std::int64_t previous = 0;  // seq of the order's row before this one; 0 for none
    Bytes record;               // not the row's own memory
    std::string_view trace{};   // OrderEvent::traceparent of all of them; no part of the record. Likewise
};
// `events` is not empty.
std::string encode_events(const EventRow& row, std::span<const orders::OrderEvent> events);
std::optional<std::vector<orders::OrderEvent>> decode_events(const EventRow& row);

// What identifies a row of `ledger`.
struct PostingKey {
    std::int64_t number = 0;  // of the order
    std::int64_t event = 0;   // order_events.seq of the transition that it belongs to
    std::int64_t line = 0;    // among the postings of that transition, from 0
};
std::string encode_posting(const PostingKey& key, const orders::LedgerPosting& posting);
std::optional<orders::LedgerPosting> decode_posting(const PostingKey& key, Bytes record);

}  // namespace orderflow::storage
