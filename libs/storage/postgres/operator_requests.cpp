#include "libs/storage/postgres/operator_requests.hpp"

#include <algorithm>
#include <utility>

#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/letter_record.hpp"
#include "libs/storage/records/worker_settings_record.hpp"

namespace orderflow::storage {

namespace {

using postgres::Statement;
using postgres::Unit;

constexpr std::uint32_t commands_page_max = 100;

const Statement letter_groups{
    "letter_groups",
    "SELECT g.queue, g.code, g.letters, f.number, f.message_id, f.record, l.number, l.message_id, l.record FROM"
    " (SELECT queue, code, count(*) AS letters, min(number) AS first, max(number) AS last FROM dead_letters"
    " WHERE state = $1 GROUP BY code, queue) g JOIN dead_letters f ON f.number = g.first"
    " JOIN dead_letters l ON l.number = g.last ORDER BY g.letters DESC, g.code, g.queue"};
const Statement find_command{"find_command", "SELECT number, id, record, matched FROM operator_commands WHERE id = $1"};
const Statement find_worker_settings{"find_worker_settings", "SELECT record FROM worker_settings"};
const Statement newest_commands{
    "newest_commands",
    "SELECT number, id, record, matched FROM operator_commands WHERE number < coalesce("
    "(SELECT number FROM operator_commands WHERE id = $1), 9223372036854775807) ORDER BY number DESC LIMIT $2"};

std::uint32_t page_size(const orders::LetterQuery& query) {
    return std::clamp<std::uint32_t>(query.limit, 1, orders::letters_page_max);
}
std::uint32_t page_size(const orders::CommandQuery& query) {
    return std::clamp<std::uint32_t>(query.limit, 1, commands_page_max);
}

// Columns: number, id, record, matched.
Result<orders::CommandRecord> command_of(const postgres::Rows& rows, std::size_t row) {
    const auto number = rows.integer(row, 0);
    auto command = decode_command(number, rows.text(row, 1), rows.blob(row, 2));
    if (!command) return fail(damaged_row("operator_commands, number " + std::to_string(number)));
    set_matched(*command, rows.integer(row, 3));
    return *std::move(command);
}

}  // namespace

Unit letter_page_request(orders::LetterQuery query) {
    query.limit = page_size(query) + 1;  // one more, to know whether there are more
    return Unit{letters_request(query)};
}

Result<orders::LetterPage> read_letter_page(const Answers& answers, const orders::LetterQuery& query) {
    auto letters = read_letters(answers[0]);
    if (!letters) return fail(std::move(letters).error());
    orders::LetterPage page;
    page.letters = *std::move(letters);
    page.has_more = page.letters.size() > page_size(query);
    if (page.has_more) page.letters.pop_back();
    return page;
}

Unit letter_request(std::int64_t number) {
    orders::LetterQuery query;
    query.numbers = {number};
    return Unit{letters_request(query)};
}

Result<std::optional<orders::StoredDeadLetter>> read_one_letter(const Answers& answers) {
    if (answers[0].empty()) return std::nullopt;
    auto letter = read_letter(answers[0], 0, 0);
    if (!letter) return fail(std::move(letter).error());
    return *std::move(letter);
}

Unit letter_count_unit(const orders::LetterSelection& selection, orders::LetterState state) {
    return Unit{letter_count_request(selection, state)};
}

Result<std::int64_t> read_letter_count(const Answers& answers) { return answers[0].integer(0, 0); }

Unit letter_groups_request(orders::LetterState state) {
    Unit unit{postgres::Request(letter_groups)};
    unit.back().parameters.integer(std::to_underlying(state));
    return unit;
}

Result<std::vector<orders::LetterGroup>> read_letter_groups(const Answers& answers) {
    const auto& rows = answers[0];
    std::vector<orders::LetterGroup> groups;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto first = read_letter(rows, row, 3);
        if (!first) return fail(first.error());
        const auto last = read_letter(rows, row, 6);
        if (!last) return fail(last.error());
        auto& group = groups.emplace_back(std::string(rows.text(row, 0)), std::string(rows.text(row, 1)));
        group.count = rows.integer(row, 2);
        group.first = first->number;
        group.last = last->number;
        group.first_at = first->at;
        group.last_at = last->at;
    }
    return groups;
}

Unit commands_request(const orders::CommandQuery& query) {
    auto unit = command_request(query.starting_after.value_or(""));
    auto& page = unit.emplace_back(newest_commands).parameters;
    page.text(query.starting_after.value_or("")).integer(std::int64_t{page_size(query)} + 1);
    return unit;
}

Result<orders::CommandPage> read_commands(const Answers& answers, const orders::CommandQuery& query) {
    if (query.starting_after && answers[0].empty()) {
        return fail(ErrorKind::invalid_input, "query.starting_after", "no command has this id");
    }
    const auto& rows = answers[1];
    orders::CommandPage page;
    page.has_more = rows.size() > page_size(query);
    for (std::size_t row = 0; row < std::min<std::size_t>(rows.size(), page_size(query)); ++row) {
        auto command = command_of(rows, row);
        if (!command) return fail(std::move(command).error());
        page.commands.push_back(*std::move(command));
    }
    return page;
}

Unit command_request(const std::string& id) {
    Unit unit{postgres::Request(find_command)};
    unit.back().parameters.text(id);
    return unit;
}

Result<std::optional<orders::CommandRecord>> read_command(const Answers& answers) {
    if (answers[0].empty()) return std::nullopt;
    auto command = command_of(answers[0], 0);
    if (!command) return fail(std::move(command).error());
    return *std::move(command);
}

Unit worker_settings_request() { return Unit{postgres::Request(find_worker_settings)}; }

Result<orders::WorkerSettings> read_worker_settings(const Answers& answers) {
    if (answers[0].empty()) return orders::WorkerSettings();
    auto settings = decode_worker_settings(answers[0].blob(0, 0));
    if (!settings) return fail(damaged_row("worker_settings"));
    return *std::move(settings);
}

}  // namespace orderflow::storage
