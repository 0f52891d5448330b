#include "libs/storage/postgres/postgres_operator_writer.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "libs/base/safeguard.hpp"
#include "libs/storage/postgres/command_times.hpp"
#include "libs/storage/postgres/endpoint_requests.hpp"
#include "libs/storage/postgres/erasure_rows.hpp"
#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/operator_requests.hpp"
#include "libs/storage/postgres/postgres_shelf.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/letter_record.hpp"
#include "libs/storage/records/worker_settings_record.hpp"

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
                            "INSERT INTO operator_commands (id, record, matched) VALUES ($1, $2, $3)"
                            " ON CONFLICT (id) DO UPDATE SET record = excluded.record, matched = excluded.matched"};
const Statement put_worker_settings{"put_worker_settings",
                                    "INSERT INTO worker_settings (one, record) VALUES (1, $1)"
                                    " ON CONFLICT (one) DO UPDATE SET record = excluded.record"};

// Nobody moves its stock until the command is written: an operator waits for a group, and a group for an operator.
const Statement lock_product{"lock_product",
                             "SELECT sku, on_hand, reserved, record FROM products WHERE sku = $1 FOR NO KEY UPDATE"};
const Statement lock_products_of_file{
    "lock_products_of_file",
    "SELECT sku, on_hand, reserved, record FROM products WHERE sku = ANY($1) ORDER BY sku FOR NO KEY UPDATE"};
const Statement put_products{"put_products",
                             "INSERT INTO products (sku, on_hand, reserved, record)"
                             " SELECT sku, on_hand, 0, record FROM unnest($1::text[], $2::bigint[], $3::bytea[])"
                             " AS t(sku, on_hand, record) ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand,"
                             " record = excluded.record"};
const Statement set_on_hand{"set_on_hand", "UPDATE products SET on_hand = $2 WHERE sku = $1"};

std::optional<orders::OrderId> placed_by(const orders::OperatorChange& change) {
    const auto* edit = orders::edit_wanted(change);
    return edit != nullptr ? edit->places : std::nullopt;
}

// Begins the transaction. Each statement behind the locks sees what was committed before they were given.
Result<std::optional<orders::CommandRecord>> begin(Connection& connection, const orders::OperatorChange& change) {
    Unit unit{Request(begin_transaction)};
    if (safeguard(Safeguard::operator_lock)) unit.emplace_back(own_letters);
    if (placed_by(change)) unit.emplace_back(own_insertion);
    unit.push_back(command_request(orders::command_id_of(change)).front());
    auto answers = connection.run(unit);
    if (!answers) return fail(std::move(answers).error());
    answers->erase(answers->begin(), answers->end() - 1);
    return read_command(*answers);
}

Result<void> load_letters(Connection& connection, const orders::OperatorChange& change,
                          const orders::LetterQuery& wanted, orders::OperatorLoaded& loaded) {
    Unit unit{letters_request(wanted), Request(newest_letter)};
    if (const auto order = placed_by(change)) {
        unit.emplace_back(is_stored).parameters.uuid(postgres::Bytes(order->bytes()));
    }
    const auto* counted = orders::letters_counted(change, loaded.record);  // no edit: never both
    if (counted != nullptr) unit.push_back(letter_count_request(counted->selection, state_before(counted->action)));
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    auto letters = read_letters((*answers)[0]);
    if (!letters) return fail(std::move(letters).error());
    loaded.letters = *std::move(letters);
    loaded.newest_letter = (*answers)[1].integer(0, 0);
    if (counted != nullptr) {
        loaded.matched = answers->back().integer(0, 0);
        return {};
    }
    loaded.order_is_stored = answers->size() > 2 && !answers->back().empty();
    return {};
}

Result<void> load_stock(Connection& connection, const orders::Sku& sku, orders::OperatorLoaded& loaded) {
    postgres::Parameters wanted;
    wanted.text(sku.value());
    const auto rows = connection.run(lock_product, std::move(wanted));
    if (!rows) return fail(rows.error());
    if (rows->empty()) return {};
    const auto item = read_product(*rows, 0);
    if (!item) return fail(item.error());
    loaded.stock = item->stock;
    return {};
}

Result<void> load_products(Connection& connection, const std::vector<orders::ProductRow>& file,
                           orders::OperatorLoaded& loaded) {
    auto skus = postgres::Array::of_texts();
    for (const auto& row : file) skus.add(std::string_view(row.product.sku.value()));
    postgres::Parameters wanted;
    wanted.array(skus);
    const auto rows = connection.run(lock_products_of_file, std::move(wanted));
    if (!rows) return fail(rows.error());
    for (std::size_t row = 0; row < rows->size(); ++row) {
        auto item = read_product(*rows, row);
        if (!item) return fail(std::move(item).error());
        loaded.products.push_back(*std::move(item));
    }
    return {};
}

Result<void> load_other(Connection& connection, const std::string& id, orders::OperatorLoaded& loaded) {
    const auto answers = connection.run(command_request(id));
    if (!answers) return fail(answers.error());
    auto other = read_command(*answers);
    if (!other) return fail(std::move(other).error());
    loaded.other = *std::move(other);
    return {};
}

Result<void> load_workers(Connection& connection, orders::OperatorLoaded& loaded) {
    const auto answers = connection.run(worker_settings_request());
    if (!answers) return fail(answers.error());
    auto workers = read_worker_settings(*answers);
    if (!workers) return fail(std::move(workers).error());
    loaded.workers = *std::move(workers);
    return {};
}

Result<void> load_endpoint(Connection& connection, const orders::EndpointCommand& command,
                           orders::OperatorLoaded& loaded) {
    const auto answers = connection.run(endpoint_load_request(command.endpoint));
    if (!answers) return fail(answers.error());
    auto endpoint = read_endpoint_loaded(*answers, command.endpoint);
    if (!endpoint) return fail(std::move(endpoint).error());
    loaded.endpoint = *std::move(endpoint);
    return {};
}

Result<void> load_erasure(Connection& connection, const orders::ErasureQuery& query, ErasureRows& erasure,
                          orders::OperatorLoaded& loaded) {
    auto page = erasure.load(connection, query);
    if (!page) return fail(std::move(page).error());
    loaded.erasure = *std::move(page);
    return {};
}

Result<void> load_times(Connection& connection, const orders::OperatorChange& change, orders::OperatorLoaded& loaded) {
    const auto subjects = orders::subjects_of(change);
    if (subjects.empty()) return {};
    const auto answers = connection.run(command_times_request(subjects));
    if (!answers) return fail(answers.error());
    auto times = read_command_times(*answers);
    if (!times) return fail(std::move(times).error());
    loaded.times = *std::move(times);
    return {};
}

Result<void> load(Connection& connection, const orders::OperatorChange& change, ErasureRows& erasure,
                  orders::OperatorLoaded& loaded) {
    if (const auto* stock = orders::stock_wanted(change)) return load_stock(connection, stock->sku, loaded);
    if (const auto* file = orders::import_wanted(change)) return load_products(connection, file->rows, loaded);
    if (const auto* stop = orders::stop_wanted(change)) return load_other(connection, stop->command_id, loaded);
    if (orders::workers_wanted(change) != nullptr) return load_workers(connection, loaded);
    if (const auto* command = orders::endpoint_wanted(change)) return load_endpoint(connection, *command, loaded);
    if (const auto customer = orders::erasure_wanted(change, loaded.record)) {
        return load_erasure(connection, *customer, erasure, loaded);
    }
    const auto letters = orders::letters_wanted(change, loaded.record);
    return letters ? load_letters(connection, change, *letters, loaded) : Result<void>();
}

Request put(const orders::CommandRecord& command) {
    const auto record = encode_command(command);
    Request request(put_command);
    request.parameters.text(command.id).blob(std::as_bytes(std::span(record))).integer(matched_of(command));
    return request;
}

Request put(const std::vector<orders::ShelfItem>& products) {
    auto skus = postgres::Array::of_texts();
    auto on_hand = postgres::Array::of_integers();
    auto records = postgres::Array::of_blobs();
    for (const auto& item : products) {
        const auto record = encode_product(item);
        skus.add(std::string_view(item.product.sku.value()));
        on_hand.add(item.stock.on_hand);
        records.add(std::as_bytes(std::span(record)));
    }
    Request request(put_products);
    request.parameters.array(skus).array(on_hand).array(records);
    return request;
}

Result<void> write(Connection& connection, const orders::OperatorChange& change, const ErasureRows& erasure,
                   const orders::OperatorDecision& decision) {
    Unit unit;
    erasure.add_writes(unit, decision.erased);
    if (decision.endpoint) add_writes(unit, orders::endpoint_wanted(change)->endpoint, *decision.endpoint);
    if (!decision.letters.empty()) unit.push_back(LetterColumns(decision.letters).update());
    if (decision.on_hand) {
        auto& parameters = unit.emplace_back(set_on_hand).parameters;
        parameters.text(orders::stock_wanted(change)->sku.value()).integer(*decision.on_hand);
    }
    if (!decision.products.empty()) unit.push_back(put(decision.products));
    if (!decision.times.empty()) unit.push_back(put_command_times(decision.times));
    if (decision.other) unit.push_back(put(*decision.other));
    if (decision.workers) {
        const auto record = encode_worker_settings(*decision.workers);
        unit.emplace_back(put_worker_settings).parameters.blob(std::as_bytes(std::span(record)));
    }
    if (decision.record) unit.push_back(put(*decision.record));
    if (unit.empty()) return commit_what_was_read(connection);
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
    ErasureRows erasure;
    if (auto read = load(connection, change, erasure, loaded); !read) return fail(std::move(read).error());
    if (auto read = load_times(connection, change, loaded); !read) return fail(std::move(read).error());
    auto decision = orders::decide_operator(change, std::move(loaded), now);
    if (auto written = write(connection, change, erasure, decision); !written) return fail(std::move(written).error());
    return std::move(decision.step);
}

}  // namespace orderflow::storage
