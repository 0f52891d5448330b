#include "libs/contract/cancel_request.hpp"

#include "libs/contract/object_reader.hpp"
#include "libs/json/pointer.hpp"
#include "libs/orders/domain/hold_limit.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t reason_max = 40;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";

bool is_reason(std::string_view text) {
    return letters.find(text.front()) != letters.npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") == text.npos;
}

}  // namespace

std::expected<std::string, FieldErrors> read_cancel_request(const json::Value& body) {
    FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader reader(body, json::whole_document, errors);
    auto reason = reader.exact("reason", Presence::required);
    if (reason && reason->size() > reason_max) {
        reader.report("reason", Rule::too_long, "May have 40 characters.");
    } else if (reason && !is_reason(*reason)) {
        reader.report("reason", Rule::invalid_format, "Must be a word of a-z, '_' and '-', such as customer.");
    }
    if (reason == orders::hold_time_limit_reason) {
        reader.report("reason", Rule::invalid_format, "Is what the system says of a cancel of its own.");
    }
    reader.finish();
    if (!reason || !errors.empty()) return std::unexpected(std::move(errors));
    return *std::move(reason);
}

}  // namespace orderflow::contract
