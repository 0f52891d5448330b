// The bodies of an operator's requests, from untrusted JSON. The rules are those of contracts/openapi.yaml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::contract {

// Bytes of a body that an edit gives a letter: in the command's message each may take two, and it has to fit.
inline constexpr std::size_t edited_bytes_max = 100 * 1024;

struct OperatorNote {
    std::string by;  // "operator" when nobody says
    std::string reason;
};

struct LettersRequest {
    OperatorNote note;
    orders::LetterSelection selection;
    bool dry_run = false;
    std::int32_t per_second = 0;  // 0: no rate was given
};

struct EditRequest {
    OperatorNote note;
    std::string body;
};

struct StockRequest {
    OperatorNote note;
    orders::ChangeStock::Mode mode = orders::ChangeStock::Mode::set;
    std::int64_t quantity = 0;
};

struct WorkersLimitRequest {
    OperatorNote note;
    std::optional<std::int32_t> in_progress_max;  // nothing: the workers' own
};

// {"numbers":[...]} or {"filter":{...}}, with `by`, `reason`, `dry_run`, `per_second`; or every broken rule (never
// none). Pure.
std::expected<LettersRequest, FieldErrors> read_letters_request(const json::Value& body);
// The same about the one letter that the address names.
std::expected<LettersRequest, FieldErrors> read_letter_request(const json::Value& body, std::int64_t number);
std::expected<EditRequest, FieldErrors> read_edit_request(const json::Value& body);
// {"set":12} or {"add":-3}, with `by` and a `reason`, which has to be there.
std::expected<StockRequest, FieldErrors> read_stock_request(const json::Value& body);
// {"in_progress_max":64} or {"in_progress_max":null}, with `by` and `reason`.
std::expected<WorkersLimitRequest, FieldErrors> read_workers_limit_request(const json::Value& body);
// `by` and `reason` alone.
std::expected<OperatorNote, FieldErrors> read_note_request(const json::Value& body);

}  // namespace orderflow::contract
