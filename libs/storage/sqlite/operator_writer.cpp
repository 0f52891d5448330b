#include "libs/storage/sqlite/operator_writer.hpp"

#include <utility>

#include "libs/sqlite/transaction.hpp"

namespace orderflow::storage {

namespace {

// The order whose place message an edit would change.
std::optional<orders::OrderId> placed_by(const orders::OperatorChange& change) {
    const auto* command = std::get_if<orders::OperatorCommand>(&change);
    const auto* edit = command != nullptr ? std::get_if<orders::EditLetter>(&command->wish) : nullptr;
    return edit != nullptr ? edit->places : std::nullopt;
}

}  // namespace

Result<OperatorWriter> OperatorWriter::open(sqlite::Database& database) {
    auto letters = LetterRows::prepare(database);
    if (!letters) return fail(std::move(letters).error());
    auto log = CommandLog::prepare(database);
    if (!log) return fail(std::move(log).error());
    auto order = database.prepare("SELECT 1 FROM orders WHERE id = ?1");
    if (!order) return fail(std::move(order).error());
    OperatorWriter writer(database, *std::move(letters), *std::move(log), *std::move(order));
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto completed = writer.letters_.complete_old_rows(); !completed) return fail(std::move(completed).error());
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return writer;
}

Result<orders::OperatorStep> OperatorWriter::apply(const orders::OperatorChange& change, WallTime now) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    auto record = log_.find(orders::command_id_of(change));
    if (!record) return fail(std::move(record).error());
    orders::OperatorLoaded loaded;
    if (*record) loaded.record = &**record;
    if (auto read = load(change, loaded); !read) return fail(std::move(read).error());
    auto decision = orders::decide_operator(change, std::move(loaded), now);
    if (auto written = write(decision); !written) return fail(std::move(written).error());
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return std::move(decision.step);
}

Result<void> OperatorWriter::load(const orders::OperatorChange& change, orders::OperatorLoaded& loaded) {
    const auto wanted = orders::letters_wanted(change, loaded.record);
    if (!wanted) return {};
    auto letters = letters_.read(*wanted);
    if (!letters) return fail(std::move(letters).error());
    loaded.letters = *std::move(letters);
    const auto newest = letters_.newest();
    if (!newest) return fail(newest.error());
    loaded.newest_letter = *newest;
    if (const auto order = placed_by(change)) {
        const auto stored = is_stored(*order);
        if (!stored) return fail(stored.error());
        loaded.order_is_stored = *stored;
    }
    return {};
}

Result<bool> OperatorWriter::is_stored(const orders::OrderId& id) {
    auto row = order_.query(sqlite::Blob(id.bytes()));
    return row.next();
}

Result<void> OperatorWriter::write(const orders::OperatorDecision& decision) {
    for (const auto& letter : decision.letters) {
        if (auto updated = letters_.update(letter); !updated) return updated;
    }
    return decision.record ? log_.put(*decision.record) : Result<void>();
}

}  // namespace orderflow::storage
