#include "libs/storage/records/history_record.hpp"

#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t events_format = 1;
constexpr std::uint8_t posting_format = 1;

auto key_of_row(const EventRow& row) { return key_of(row.seq, row.number, row.previous); }

}  // namespace

std::string encode_events(const EventRow& row, std::span<const orders::OrderEvent> events) {
    ORDERFLOW_INVARIANT(!events.empty());
    ByteWriter out(events_format);
    out.natural(static_cast<std::uint64_t>(events.front().version));
    out.time(events.front().at);
    out.natural(events.size());
    for (const auto& event : events) {
        ORDERFLOW_INVARIANT(event.version - events.front().version == &event - events.data());
        out.byte(std::to_underlying(event.type));
        out.integer((event.at - events.front().at).count());
        out.text(event.code);
        out.text(event.detail);
    }
    return std::move(out).sealed(key_of_row(row));
}

std::optional<std::vector<orders::OrderEvent>> decode_events(const EventRow& row) {
    ByteReader in(row.record, key_of_row(row), events_format);
    auto version = static_cast<std::int32_t>(in.natural());
    const auto first_at = in.time();
    const auto count = in.count();
    std::vector<orders::OrderEvent> events;
    events.reserve(count);
    for (std::size_t i = 0; i < count; ++i, ++version) {
        const auto type = orders::EventType{in.limited(orders::event_type_count)};
        const auto at = first_at + std::chrono::milliseconds(in.integer());
        std::string code(in.text());
        events.emplace_back(version, type, at, std::move(code), std::string(in.text()));
        events.back().traceparent = row.trace;
    }
    if (!in.finished()) return std::nullopt;
    return events;
}

std::string encode_posting(const PostingKey& key, const orders::LedgerPosting& posting) {
    ByteWriter out(posting_format);
    out.text(posting.effect.value);
    out.text(posting.debit);
    out.text(posting.credit);
    out.integer(posting.amount);
    out.time(posting.at);
    return std::move(out).sealed(key_of(key.number, key.event, key.line));
}

std::optional<orders::LedgerPosting> decode_posting(const PostingKey& key, Bytes record) {
    ByteReader in(record, key_of(key.number, key.event, key.line), posting_format);
    orders::EffectKey effect{std::string(in.text())};
    std::string debit(in.text());
    std::string credit(in.text());
    const auto amount = in.integer();
    orders::LedgerPosting posting(std::move(effect), std::move(debit), std::move(credit), amount, in.time());
    if (!in.finished()) return std::nullopt;
    return posting;
}

}  // namespace orderflow::storage
