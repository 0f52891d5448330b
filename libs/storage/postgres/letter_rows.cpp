#include "libs/storage/postgres/letter_rows.hpp"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/letter_record.hpp"

namespace orderflow::storage {

namespace {

using postgres::Statement;

// Arrays hold no null: an id of zeros stands for no order.
std::string insertion_where(const std::string& condition) {
    return "INSERT INTO dead_letters (message_id, state, code, queue, order_id, record)"
           " SELECT message_id, state, code, queue, nullif(order_id, '00000000-0000-0000-0000-000000000000'),"
           " record FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::bytea[])"
           " AS t(message_id, state, code, queue, order_id, record)" +
           condition + (safeguard(Safeguard::letter_key) ? " ON CONFLICT DO NOTHING" : "");
}

const Statement insert_letters{"insert_letters", insertion_where("")};
const Statement insert_letters_once{
    "insert_letters_once",
    insertion_where(" WHERE NOT EXISTS (SELECT FROM dead_letters d WHERE d.order_id = t.order_id AND d.code = t.code"
                    " AND d.state IN (0, 2))")};
const Statement update_letters{
    "update_letters",
    "UPDATE dead_letters d SET state = t.state, code = t.code, queue = t.queue,"
    " order_id = nullif(t.order_id, '00000000-0000-0000-0000-000000000000'), record = t.record"
    " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::bytea[])"
    " AS t(number, state, code, queue, order_id, record) WHERE d.number = t.number"};

const Statement left_over_letters{
    "left_over_letters",
    "SELECT d.number, d.message_id, d.record FROM dead_letters d JOIN orders o ON o.id = d.order_id"
    " WHERE d.state IN (1, 2) AND o.status = 100 ORDER BY d.number LIMIT $1"};

struct Criteria {
    bool numbers;
    bool state;
    bool code;
    bool queue;
    bool order;
};

constexpr Criteria criteria_of(unsigned bits) {
    return {(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0, (bits & 8U) != 0, (bits & 16U) != 0};
}

unsigned bits_of(const std::vector<std::int64_t>& numbers, const orders::LetterFilter& filter, bool state) {
    return (numbers.empty() ? 0U : 1U) | (state ? 2U : 0U) | (filter.code ? 4U : 0U) | (filter.queue ? 8U : 0U) |
           (filter.order ? 16U : 0U);
}

// One statement for each choice of criteria, so that the server plans each for what it has. `next`: the first parameter
// that is free.
Statement with_criteria(std::string name, std::string sql, int next, const Criteria& criteria, const char* end) {
    const auto criterion = [&](bool there, const char* before, const char* after) {
        name += there ? "1" : "0";
        if (there) sql += before + ("$" + std::to_string(next++)) + after;
    };
    criterion(criteria.numbers, " AND number = ANY(", ")");
    criterion(criteria.state, " AND state = ", "");
    criterion(criteria.code, " AND code = ", "");
    criterion(criteria.queue, " AND queue = ", "");
    criterion(criteria.order, " AND order_id = ", "");
    return {name, sql + end};
}

const Statement& letters_statement_for(const orders::LetterQuery& query) {
    static const auto statements = [] {
        std::vector<Statement> all;
        for (unsigned bits = 0; bits < 32; ++bits) {
            all.push_back(with_criteria(
                "letters", "SELECT number, message_id, record FROM dead_letters WHERE number > $1 AND number <= $2", 4,
                criteria_of(bits), " ORDER BY number LIMIT $3"));
        }
        return all;
    }();
    return statements[bits_of(query.numbers, query.filter, query.state.has_value())];
}

const Statement& count_statement_for(const orders::LetterSelection& selection) {
    static const auto statements = [] {
        std::vector<Statement> all;
        for (unsigned bits = 0; bits < 32; ++bits) {
            all.push_back(with_criteria("count_letters",
                                        "SELECT count(*) FROM (SELECT FROM dead_letters WHERE number > 0", 2,
                                        criteria_of(bits), " LIMIT $1) AS l"));
        }
        return all;
    }();
    return statements[bits_of(selection.numbers, selection.filter, true)];
}

void add_criteria(postgres::Parameters& parameters, const std::vector<std::int64_t>& wanted,
                  const orders::LetterFilter& filter, std::optional<orders::LetterState> state) {
    if (!wanted.empty()) {
        auto numbers = postgres::Array::of_integers();
        for (const auto number : wanted) numbers.add(number);
        parameters.array(numbers);
    }
    if (state) parameters.integer(std::to_underlying(*state));
    if (filter.code) parameters.text(*filter.code);
    if (filter.queue) parameters.text(*filter.queue);
    if (filter.order) parameters.uuid(postgres::Bytes(filter.order->bytes()));
}

}  // namespace

postgres::Request letters_request(const orders::LetterQuery& query) {
    postgres::Request request(letters_statement_for(query));
    auto& parameters = request.parameters;
    parameters.integer(query.after).integer(query.up_to.value_or(std::numeric_limits<std::int64_t>::max()));
    parameters.integer(query.limit);
    add_criteria(parameters, query.numbers, query.filter, query.state);
    return request;
}

postgres::Request letter_count_request(const orders::LetterSelection& selection, orders::LetterState state) {
    postgres::Request request(count_statement_for(selection));
    request.parameters.integer(orders::letters_counted_max);
    add_criteria(request.parameters, selection.numbers, selection.filter, state);
    return request;
}

postgres::Request left_over_request(std::uint32_t limit) {
    postgres::Request request(left_over_letters);
    request.parameters.integer(limit);
    return request;
}

Result<orders::StoredDeadLetter> read_letter(const postgres::Rows& rows, std::size_t row, int column) {
    const auto number = rows.integer(row, column);
    auto letter = decode_letter(number, rows.text(row, column + 1), rows.blob(row, column + 2));
    if (!letter) return fail(damaged_row("dead_letters, number " + std::to_string(number)));
    return *std::move(letter);
}

Result<std::vector<orders::StoredDeadLetter>> read_letters(const postgres::Rows& rows) {
    std::vector<orders::StoredDeadLetter> letters;
    letters.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto letter = read_letter(rows, row, 0);
        if (!letter) return fail(std::move(letter).error());
        letters.push_back(*std::move(letter));
    }
    return letters;
}

LetterColumns::LetterColumns(const std::vector<orders::StoredDeadLetter>& letters) {
    for (const auto& stored : letters) {
        const auto record = encode_letter(stored);
        const auto order = stored.order.value_or(orders::OrderId());
        numbers_.add(stored.number);
        message_ids_.add(std::string_view(stored.letter.message_id));
        states_.add(std::int64_t{std::to_underlying(stored.state)});
        codes_.add(std::string_view(stored.letter.code));
        queues_.add(std::string_view(stored.letter.queue));
        orders_.add(postgres::Bytes(order.bytes()));
        records_.add(std::as_bytes(std::span(record)));
    }
}

postgres::Request LetterColumns::insertion() const { return inserted_by(insert_letters); }

postgres::Request LetterColumns::insertion_once() const { return inserted_by(insert_letters_once); }

postgres::Request LetterColumns::inserted_by(const postgres::Statement& statement) const {
    postgres::Request request(statement);
    request.parameters.array(message_ids_).array(states_).array(codes_).array(queues_).array(orders_).array(records_);
    return request;
}

postgres::Request LetterColumns::update() const {
    postgres::Request request(update_letters);
    request.parameters.array(numbers_).array(states_).array(codes_).array(queues_).array(orders_).array(records_);
    return request;
}

}  // namespace orderflow::storage
