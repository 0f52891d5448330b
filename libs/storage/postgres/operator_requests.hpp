// The reads of the OperatorReader port: the statements of each, and what their answers mean. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/orders/ports/operator_reader.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// Each is one statement, so that it sees one consistent state; commands are two, in one transaction.
// The errors of read_x(): internal "store.damaged_row"; the detail names the row.
using Answers = std::vector<postgres::Rows>;

postgres::Unit letter_page_request(orders::LetterQuery query);
Result<orders::LetterPage> read_letter_page(const Answers& answers, const orders::LetterQuery& query);

postgres::Unit letter_request(std::int64_t number);
Result<std::optional<orders::StoredDeadLetter>> read_one_letter(const Answers& answers);

postgres::Unit letter_count_unit(const orders::LetterSelection& selection, orders::LetterState state);
Result<std::int64_t> read_letter_count(const Answers& answers);

postgres::Unit letter_groups_request(orders::LetterState state);
Result<std::vector<orders::LetterGroup>> read_letter_groups(const Answers& answers);

postgres::Unit commands_request(const orders::CommandQuery& query);
// invalid_input "query.starting_after" for an id that has no record.
Result<orders::CommandPage> read_commands(const Answers& answers, const orders::CommandQuery& query);

postgres::Unit command_request(const std::string& id);
Result<std::optional<orders::CommandRecord>> read_command(const Answers& answers);

postgres::Unit worker_settings_request();
Result<orders::WorkerSettings> read_worker_settings(const Answers& answers);

}  // namespace orderflow::storage
