#include "libs/storage/records/command_record.hpp"

#include <utility>

#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t intent_format = 1;
constexpr std::uint8_t intent_of_tenant_format = 2;  // the same, with the tenant at its end

}  // namespace

std::string encode_intent(const orders::OrderId& id, const orders::CancelIntent& intent) {
    ByteWriter out(intent.tenant_id ? intent_of_tenant_format : intent_format);
    out.text(intent.command_id);
    out.text(intent.reason);
    out.time(intent.requested_at);
    if (intent.tenant_id) out.text(*intent.tenant_id);
    return std::move(out).sealed(id.bytes());
}

std::optional<orders::CancelIntent> decode_intent(const orders::OrderId& id, Bytes record) {
    const bool of_tenant = !record.empty() && record.front() == std::byte{intent_of_tenant_format};
    ByteReader in(record, id.bytes(), of_tenant ? intent_of_tenant_format : intent_format);
    std::string command(in.text());
    std::string reason(in.text());
    orders::CancelIntent intent(std::move(command), std::move(reason), in.time());
    if (of_tenant) intent.tenant_id = in.text();
    if (!in.finished()) return std::nullopt;
    return intent;
}

}  // namespace orderflow::storage
