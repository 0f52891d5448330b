// Operator commands as messages on the queue of commands: CloudEvents 1.0 as in order_message.hpp, without a subject.
//
//   {"specversion":"1.0","id":"<command id>","source":"orderflow/api","type":"orderflow.operator.letters.v1",
//    "time":"...","data":{"by":"kim","reason":"...","action":"redrive","numbers":[3,4]}}
//   {... "data":{"by":"kim","reason":"...","action":"redrive","filter":{"code":"payment.unavailable"}}}
//   {... "type":"orderflow.operator.stop.v1", "data":{"by":"kim","reason":"...","command":"<command id>"}}
//   {... "type":"orderflow.operator.stock.v1", "data":{"by":"kim","reason":"...","sku":"PC-SHARP","add":-3}}
//   {... "type":"orderflow.operator.import-products.v1", "data":{"by":"kim","reason":"...","import":"<id>","part":1,
//        "parts":3,"rows":[{"line":2,"sku":"PC-SHARP","name":"...","prices":{"EUR":650},"on_hand":300}]}}
//   {... "type":"orderflow.operator.workers.v1",
//   "data":{"by":"kim","reason":"...","action":"limit","in_progress_max":64}}
//   {... "type":"orderflow.operator.erase-customer.v1", "data":{"by":"kim","reason":"...","email":"ada@example.org"}}
//   {... "data":{"by":"kim","reason":"...","customer_id":"c-1","tenant":"default"}}
//   {... "type":"orderflow.operator.edit-letter.v1", "data":{"by":"kim","reason":"...","number":3,"body":"..."}}
//
//   {... "type":"orderflow.operator.webhook.v1", "data": as in endpoint_message.hpp}
//
// A command without a reason has no `reason`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::contract {

inline constexpr std::string_view letters_type = "orderflow.operator.letters.v1";
inline constexpr std::string_view edit_letter_type = "orderflow.operator.edit-letter.v1";
inline constexpr std::string_view stock_type = "orderflow.operator.stock.v1";
inline constexpr std::string_view import_type = "orderflow.operator.import-products.v1";
inline constexpr std::string_view stop_type = "orderflow.operator.stop.v1";
inline constexpr std::string_view erase_customer_type = "orderflow.operator.erase-customer.v1";
inline constexpr std::string_view workers_type = "orderflow.operator.workers.v1";

std::string encode_operator_command(const orders::OperatorCommand& command,
                                    std::optional<std::string_view> traceparent);

// Whether a message says that it is an operator's command.
bool is_operator_message(std::string_view body);

// Strict and total, as decode_message(): invalid_input "message.malformed" / "message.unknown_type". An edit whose body
// is no message that the worker can read is malformed.
Result<orders::OperatorCommand> decode_operator_message(std::string_view body);

// Whether the worker can read a message: an order's or an operator's.
Result<void> check_message(std::string_view body);

// An edit, with what its body says. The errors of check_message().
Result<orders::EditLetter> make_edit(std::int64_t number, std::string body);

// A list of numbers of letters, from JSON: 1 to letters_selected_max of them, ascending and each once in the result.
// Nothing when it is none.
std::optional<std::vector<std::int64_t>> read_letter_numbers(const json::Value& value);

}  // namespace orderflow::contract
