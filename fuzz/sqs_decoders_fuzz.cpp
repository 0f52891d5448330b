// Feeds bytes to the decoders of the SQS protocol: the first octet chooses the action and the protocol, the rest is the
// body of the request. What must hold for every input: it is decoded or refused with an error that both protocols can
// say. The same bytes are read as stored message attributes: what is accepted is written and read again as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/invariant.hpp"
#include "libs/json/parse.hpp"
#include "libs/net/percent.hpp"
#include "queue-service/protocol/action_table.hpp"
#include "queue-service/protocol/attribute_codec.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace {

using namespace orderflow;
using namespace orderflow::sqs;

void check_error(const SqsError& error) {
    const auto json_body = error_body(Protocol::json, error, "id");
    ORDERFLOW_INVARIANT(json::parse(json_body, {.bytes = 1 << 20}).has_value());
    ORDERFLOW_INVARIANT(net::is_utf8(error_body(Protocol::query, error, "id")));
}

void check_request(const Action& action, ActionInput input) {
    const auto decoded = action.decode(input);
    if (!decoded) check_error(decoded.error());
}

void check_stored(std::string_view text) {
    const auto metadata = decode(text);
    if (!metadata) return;
    const auto again = decode(encode(*metadata));
    ORDERFLOW_INVARIANT(again.has_value() && *again == *metadata);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto& action = actions()[(data[0] >> 1U) % actions().size()];
    ActionInput input;
    if ((data[0] & 1U) == 0) {
        auto document = json::parse(body, {.bytes = 1 << 20, .depth = sqs::limits::json_depth_max});
        if (!document) return 0;
        input.json = *std::move(document);
        check_request(action, std::move(input));
    } else {
        input.protocol = Protocol::query;
        if (const auto added = input.form.add(body); added) {
            check_request(action, std::move(input));
        } else {
            check_error(added.error());
        }
    }
    check_stored(body);
    return 0;
}
