// Feeds bytes to the JSON parser. What must hold for every input: it answers; what it accepts is valid UTF-8, is
// written and read again as the same value, is accepted by simdjson's other parser too, and can be judged as an order
// and as a message without fault.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/invariant.hpp"
#include "libs/contract/draft_json.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/payment_callback.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"

namespace {

using namespace orderflow;

constexpr json::ParseLimits limits{.bytes = 1 << 20};

// Refusals of the other parser that are no question of grammar: it converts numbers, and has limits of its own.
bool is_grammar_error(simdjson::error_code error) {
    return error != simdjson::SUCCESS && error != simdjson::NUMBER_ERROR && error != simdjson::CAPACITY &&
           error != simdjson::DEPTH_ERROR;
}

void judge_as_order(const json::Value& value, contract::Amounts amounts) {
    const auto draft = contract::read_order_request(value, amounts);
    if (!draft) {
        ORDERFLOW_INVARIANT(!draft.error().empty());
        return;
    }
    ORDERFLOW_INVARIANT(amounts == contract::Amounts::taken || !draft->amounts);
    const auto canonical = contract::encode_draft(*draft);
    const auto copy = json::parse(canonical, limits);
    const auto back = contract::decode_draft(copy.value());
    ORDERFLOW_INVARIANT(back.has_value() && *back == *draft);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)contract::decode_message(text);
    const auto value = json::parse(text, limits);
    if (!value) return 0;
    ORDERFLOW_INVARIANT(simdjson::validate_utf8(text));

    simdjson::dom::parser other;
    ORDERFLOW_INVARIANT(!is_grammar_error(other.parse(simdjson::padded_string(text)).error()));

    json::Writer out;
    out.value(*value);
    const auto again = json::parse(out.text(), {.bytes = 8 << 20});
    ORDERFLOW_INVARIANT(again.has_value() && again->root() == value->root());

    (void)json::duplicate_members(*value);
    (void)contract::read_payment_callback(*value);
    judge_as_order(*value, contract::Amounts::refused);
    judge_as_order(*value, contract::Amounts::taken);
    return 0;
}
