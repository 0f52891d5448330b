#include "libs/storage/records/command_record.hpp"

#include <utility>

#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t intent_format = 1;

}  // namespace

std::string encode_intent(const orders::OrderId& id, const orders::CancelIntent& intent) {
    ByteWriter out(intent_format);
    out.text(intent.command_id);
    out.text(intent.reason);
    out.time(intent.requested_at);
    return std::move(out).sealed(id.bytes());
}

std::optional<orders::CancelIntent> decode_intent(const orders::OrderId& id, Bytes record) {
    ByteReader in(record, id.bytes(), intent_format);
    std::string command(in.text());
    std::string reason(in.text());
    orders::CancelIntent intent(std::move(command), std::move(reason), in.time());
    if (!in.finished()) return std::nullopt;
    return intent;
}

}  // namespace orderflow::storage
