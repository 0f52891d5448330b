#include "libs/storage/postgres/postgres_operator_writer.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/operator_requests.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/letter_record.hpp"

namespace orderflow::storage {

namespace {

using postgres::Connection;
using postgres::Request;
using postgres::Statement;
using postgres::Unit;

// "orderflo" + 2.
const Statement own_letters{"own_letters", "SELECT pg_advisory_xact_lock(8030606865177898097)"};
const Statement newest_letter{"newest_letter", "SELECT coalesce(max(number), 0) FROM dead_letters"};
const Statement is_stored{"is_stored", "SELECT FROM orders WHERE id = $1"};
const Statement put_command{"put_command",
                            "INSERT INTO operator_commands (id, record) VALUES ($1, $2)"
                            " ON CONFLICT (id) DO UPDATE SET record = excluded.record"};

// The order whose place message an edit would change.
std::optional<orders::OrderId> placed_by(const orders::OperatorChange& change) {
    const auto* command = std::get_if<orders::OperatorCommand>(&change);
    const auto* edit = command != nullptr ? std::get_if<orders::EditLetter>(&command->wish) : nullptr;
    return edit != nullptr ? edit->places : std::nullopt;
}

// Begins the transaction. Each statement behind the locks sees what was committed before they were given.
Result<std::optional<orders::CommandRecord>> begin(Connection& connection, const orders::OperatorChange& change) {
    Unit unit{Request(begin_transaction), Request(own_letters)};
    if (placed_by(change)) unit.emplace_back(own_insertion);
    unit.push_back(command_request(orders::command_id_of(change)).front());
    auto answers = connection.run(unit);
    if (!answers) return fail(std::move(answers).error());
    answers->erase(answers->begin(), answers->end() - 1);
    return read_command(*answers);
}

Result<void> load(Connection& connection, const orders::OperatorChange& change, orders::OperatorLoaded& loaded) {
    const auto wanted = orders::letters_wanted(change, loaded.record);
    if (!wanted) return {};
    Unit unit{letters_request(*wanted), Request(newest_letter)};
    if (const auto order = placed_by(change)) {
        unit.emplace_back(is_stored).parameters.uuid(postgres::Bytes(order->bytes()));
    }
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    auto letters = read_letters((*answers)[0]);
    if (!letters) return fail(std::move(letters).error());
    loaded.letters = *std::move(letters);
    loaded.newest_letter = (*answers)[1].integer(0, 0);
    loaded.order_is_stored = answers->size() > 2 && !answers->back().empty();
    return {};
}

Result<void> write(Connection& connection, const orders::OperatorDecision& decision) {
    Unit unit;
    if (!decision.letters.empty()) unit.push_back(LetterColumns(decision.letters).update());
    if (decision.record) {
        const auto record = encode_command(*decision.record);
        auto& parameters = unit.emplace_back(put_command).parameters;
        parameters.text(decision.record->id).blob(std::as_bytes(std::span(record)));
    }
    if (unit.empty()) return {};
    if (const auto written = connection.run(unit); !written) return fail(written.error());
    return commit(connection);
}

}  // namespace

Result<orders::OperatorStep> apply_operator_change(Connection& connection, const orders::OperatorChange& change,
                                                   WallTime now) {
    const RollBack unless_committed(connection);
    const auto record = begin(connection, change);
    if (!record) return fail(record.error());
    orders::OperatorLoaded loaded;
    if (*record) loaded.record = &**record;
    if (auto read = load(connection, change, loaded); !read) return fail(std::move(read).error());
    auto decision = orders::decide_operator(change, std::move(loaded), now);
    if (auto written = write(connection, decision); !written) return fail(std::move(written).error());
    return std::move(decision.step);
}

}  // namespace orderflow::storage
