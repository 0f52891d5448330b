// What an API says of itself every ten seconds, as a message on the queue of commands: CloudEvents 1.0 as in
// order_message.hpp. Nobody waits for it: a worker that cannot keep it drops it.
//
//   {"specversion":"1.0","id":"<instance>:<end in ms>","source":"orderflow/api","type":"orderflow.instance.row.v1",
//    "time":"<end>","data":{"instance":"1f3a...","program":"api-service","version":"...","started_at":"...",
//      "from":"...","counts":{"accepted":12},"accept":[0,...],"alarms":[{"name":"...","severity":"critical",
//      "summary":"...","since":"..."}]}}
//
// Counts of zero are left out; `accept` has a number for each bucket of Latencies; `last` is there when the program
// comes to its end. What a worker would say beside (queues, settled orders by time) is not in it.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/instances/instance_row.hpp"

namespace orderflow::contract {

inline constexpr std::string_view instance_row_type = "orderflow.instance.row.v1";

std::string encode_instance_message(const instances::InstanceRow& row);

// Whether a message says that it is a program's word about itself.
bool is_instance_message(std::string_view body);

// Strict and total, as decode_message(): invalid_input "message.malformed" / "message.unknown_type".
Result<instances::InstanceRow> decode_instance_message(std::string_view body);

}  // namespace orderflow::contract
