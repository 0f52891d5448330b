#include "libs/storage/sqlite/operator_writer.hpp"

#include <utility>

#include "libs/sqlite/transaction.hpp"

namespace orderflow::storage {

Result<OperatorWriter> OperatorWriter::open(sqlite::Database& database) {
    auto letters = LetterRows::prepare(database);
    if (!letters) return fail(std::move(letters).error());
    auto log = CommandLog::prepare(database);
    if (!log) return fail(std::move(log).error());
    auto shelf = SqliteShelf::prepare(database);
    if (!shelf) return fail(std::move(shelf).error());
    auto workers = WorkerSettingsRow::prepare(database);
    if (!workers) return fail(std::move(workers).error());
    auto endpoints = EndpointRows::prepare(database);
    if (!endpoints) return fail(std::move(endpoints).error());
    auto erasure = ErasureRows::prepare(database);
    if (!erasure) return fail(std::move(erasure).error());
    auto times = CommandTimesTable::prepare(database);
    if (!times) return fail(std::move(times).error());
    auto order = database.prepare("SELECT 1 FROM orders WHERE id = ?1");
    if (!order) return fail(std::move(order).error());
    OperatorWriter writer(database, *std::move(letters), *std::move(log), *std::move(shelf), *std::move(workers),
                          *std::move(endpoints), *std::move(erasure), *std::move(times), *std::move(order));
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto completed = writer.letters_.complete_old_rows(); !completed) return fail(std::move(completed).error());
    if (auto cleared = writer.endpoints_.clear_leases(); !cleared) return fail(std::move(cleared).error());
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
    auto times = times_.read(orders::subjects_of(change));
    if (!times) return fail(std::move(times).error());
    loaded.times = *std::move(times);
    auto decision = orders::decide_operator(change, std::move(loaded), now);
    if (auto written = write(change, decision); !written) return fail(std::move(written).error());
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return std::move(decision.step);
}

Result<void> OperatorWriter::load(const orders::OperatorChange& change, orders::OperatorLoaded& loaded) {
    if (const auto* stock = orders::stock_wanted(change)) return load_stock(stock->sku, loaded);
    if (const auto* file = orders::import_wanted(change)) return load_products(file->rows, loaded);
    if (const auto* stop = orders::stop_wanted(change)) {
        auto other = log_.find(stop->command_id);
        if (!other) return fail(std::move(other).error());
        loaded.other = *std::move(other);
        return {};
    }
    if (orders::workers_wanted(change) != nullptr) {
        auto workers = workers_.read();
        if (!workers) return fail(std::move(workers).error());
        loaded.workers = *std::move(workers);
        return {};
    }
    if (const auto* command = orders::endpoint_wanted(change)) {
        auto endpoint = endpoints_.load(*command);
        if (!endpoint) return fail(std::move(endpoint).error());
        loaded.endpoint = *std::move(endpoint);
        return {};
    }
    if (const auto customer = orders::erasure_wanted(change, loaded.record)) {
        auto page = erasure_.page(*customer);
        if (!page) return fail(std::move(page).error());
        loaded.erasure = *std::move(page);
        return {};
    }
    const auto wanted = orders::letters_wanted(change, loaded.record);
    if (!wanted) return {};
    auto letters = letters_.read(*wanted);
    if (!letters) return fail(std::move(letters).error());
    loaded.letters = *std::move(letters);
    const auto newest = letters_.newest();
    if (!newest) return fail(newest.error());
    loaded.newest_letter = *newest;
    if (const auto* act = orders::letters_counted(change, loaded.record)) {
        const auto matched = letters_.count(act->selection, state_before(act->action));
        if (!matched) return fail(matched.error());
        loaded.matched = *matched;
    }
    const auto* edit = orders::edit_wanted(change);
    if (edit == nullptr || !edit->places) return {};
    const auto stored = is_stored(*edit->places);
    if (!stored) return fail(stored.error());
    loaded.order_is_stored = *stored;
    return {};
}

Result<void> OperatorWriter::load_products(const std::vector<orders::ProductRow>& rows,
                                           orders::OperatorLoaded& loaded) {
    shelf_.begin();
    for (const auto& row : rows) {
        const auto* item = shelf_.find(row.product.sku);
        if (shelf_.failure()) return fail(*shelf_.failure());
        if (item != nullptr) loaded.products.push_back(*item);
    }
    return {};
}

Result<void> OperatorWriter::load_stock(const orders::Sku& sku, orders::OperatorLoaded& loaded) {
    shelf_.begin();
    const auto* item = shelf_.find(sku);
    if (shelf_.failure()) return fail(*shelf_.failure());
    if (item != nullptr) loaded.stock = item->stock;
    return {};
}

Result<bool> OperatorWriter::is_stored(const orders::OrderId& id) {
    auto row = order_.query(sqlite::Blob(id.bytes()));
    return row.next();
}

Result<void> OperatorWriter::write(const orders::OperatorChange& change, const orders::OperatorDecision& decision) {
    if (decision.endpoint) {
        const auto& id = orders::endpoint_wanted(change)->endpoint;
        if (auto written = endpoints_.write(id, *decision.endpoint); !written) return written;
    }
    if (auto erased = erasure_.erase(decision.erased); !erased) return erased;
    for (const auto& letter : decision.letters) {
        if (auto updated = letters_.update(letter); !updated) return updated;
    }
    if (decision.on_hand) {
        if (auto set = shelf_.set_on_hand(orders::stock_wanted(change)->sku, *decision.on_hand); !set) return set;
        if (auto flushed = shelf_.flush(); !flushed) return flushed;
    }
    for (const auto& product : decision.products) {
        if (auto put = shelf_.put(product); !put) return put;
    }
    if (!decision.products.empty()) {
        if (auto flushed = shelf_.flush(); !flushed) return flushed;
    }
    if (auto put = times_.put(decision.times); !put) return put;
    if (decision.other) {
        if (auto put = log_.put(*decision.other); !put) return put;
    }
    if (decision.workers) {
        if (auto put = workers_.put(*decision.workers); !put) return put;
    }
    return decision.record ? log_.put(*decision.record) : Result<void>();
}

Result<bool> OperatorWriter::change_lease(const orders::LeaseChange& change) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    auto changed = endpoints_.change_lease(change);
    if (!changed) return changed;
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return changed;
}

Result<void> OperatorWriter::record(const orders::DeliveryProgress& progress, WallTime now) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto written = endpoints_.record(progress, now); !written) return written;
    return transaction->commit();
}

}  // namespace orderflow::storage
