// Dead letters and audit records as the HTTP API shows them to operators (components/schemas of
// contracts/openapi.yaml).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

std::string command_path(std::string_view id);  // "/v1/admin/audit/..."

// Schema DeadLetterList. Without bodies: these may hold personal data.
std::string encode_letters(const std::vector<orders::StoredDeadLetter>& letters, bool has_more);
// Schema DeadLetter: one with its body, and whether the worker can read it.
std::string encode_letter(const orders::StoredDeadLetter& letter);
// Schema DeadLetterGroups.
std::string encode_letter_groups(const std::vector<orders::LetterGroup>& groups);
// Schema DryRun: the letters that a command would change now, of many the first ones, and how many these are.
std::string encode_dry_run(const std::vector<orders::StoredDeadLetter>& letters, bool has_more, std::int64_t count);

// Schema StockList: every product with what is there and what of it is reserved.
std::string encode_stock(const std::vector<orders::ShelfItem>& items);

// Schema CommandAccepted: the body of a 202.
std::string encode_command_accepted(const orders::OperatorCommand& command);
// Schema ImportAccepted: that of a file of products, with the commands about its parts.
std::string encode_import_accepted(std::string_view import, std::size_t rows,
                                   const std::vector<orders::OperatorCommand>& parts);
// Schema AuditRecord.
std::string encode_command(const orders::CommandRecord& command);
// Schema AuditList.
std::string encode_commands(const std::vector<orders::CommandRecord>& commands, bool has_more);

}  // namespace orderflow::contract
