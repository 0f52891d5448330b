// What an operator wants of the endpoints of events, as the data of a message (operator_message.hpp):
//
//   {"by":"kim","webhook":"wh_...","action":"create","url":"https://...","mode":"binary",
//    "events":["order.confirmed"],"description":"...","secret":"whsec_..."}
//   {... "action":"update", with what changes: "url", "mode", "events", "description", "enabled"}
//   {... "action":"remove"}  {... "action":"test"}  {... "action":"rotate-secret","secret":"whsec_..."}
//   {... "action":"replay","event":"ord_...:3"}  {... "action":"replay","since":"...","until":"..."}
//
// `events` is ["*"] for all.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/json/value.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/endpoint_command.hpp"

namespace orderflow::contract {

inline constexpr std::string_view webhook_type = "orderflow.operator.webhook.v1";

void write_endpoint_command(json::Writer& out, const orders::EndpointCommand& command);
// Finishes the reader. invalid_input "message.malformed".
Result<orders::EndpointCommand> read_endpoint_command(ObjectReader& data, FieldErrors& errors);

// ["*"] or names of events, at least one; nothing when it is neither. Empty: all.
std::optional<std::vector<orders::EventType>> read_event_types(const json::Value& value);
void write_event_types(json::Writer& out, const std::vector<orders::EventType>& types);

}  // namespace orderflow::contract
