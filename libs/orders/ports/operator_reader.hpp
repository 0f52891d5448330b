// OperatorReader: what an operator sees beside the orders: dead letters, the records of commands and the settings of
// the workers. Never writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"

namespace orderflow::orders {

struct LetterPage {
    std::vector<StoredDeadLetter> letters;
    bool has_more = false;
};

struct CommandQuery {
    std::uint32_t limit = 20;                   // 1 to 100
    std::optional<std::string> starting_after;  // the last id of the page before; newest come first
};

struct CommandPage {
    std::vector<CommandRecord> commands;
    bool has_more = false;
};

// Consistency and errors as OrderReader. Any executor.
class OperatorReader {
  public:
    virtual ~OperatorReader() = default;

    virtual task<Result<LetterPage>> letters(LetterQuery query) = 0;
    virtual task<Result<std::optional<StoredDeadLetter>>> letter(std::int64_t number) = 0;
    // How many of a selection are in a state, up to letters_counted_max.
    virtual task<Result<std::int64_t>> letter_count(LetterSelection selection, LetterState state) = 0;
    // Largest groups first; then by code and queue.
    virtual task<Result<std::vector<LetterGroup>>> letter_groups(LetterState state) = 0;

    // invalid_input "query.starting_after" for an id that has no record.
    virtual task<Result<CommandPage>> commands(CommandQuery query) = 0;
    virtual task<Result<std::optional<CommandRecord>>> command(std::string id) = 0;

    // What stands for all workers.
    virtual task<Result<WorkerSettings>> worker_settings() = 0;
};

}  // namespace orderflow::orders
